// Every command of `sage`, in the order of the help. A new command is one file and one line here.

import type { AnyCommand } from "./command.ts";
import { clusterRestart } from "./commands/cluster/restart.ts";
import { clusterStart } from "./commands/cluster/start.ts";
import { clusterStatus } from "./commands/cluster/status.ts";
import { clusterStop } from "./commands/cluster/stop.ts";
import { headRestart } from "./commands/head/restart.ts";
import { headStart } from "./commands/head/start.ts";
import { headStatus } from "./commands/head/status.ts";
import { headStop } from "./commands/head/stop.ts";
import { workerRestart } from "./commands/worker/restart.ts";
import { workerStart } from "./commands/worker/start.ts";
import { workerStatus } from "./commands/worker/status.ts";
import { workerStop } from "./commands/worker/stop.ts";
import { clusterDeploy } from "./commands/cluster/deploy.ts";
import { clusterInfo } from "./commands/cluster/info.ts";
import { clusterPlan } from "./commands/cluster/plan.ts";
import { clusterRollback } from "./commands/cluster/rollback.ts";
import { clusterScaleAdd, clusterScaleRemove } from "./commands/cluster/scale.ts";
import { clusterTrust } from "./commands/cluster/trust.ts";
import { deployRestart } from "./commands/deploy/restart.ts";
import { deployStart } from "./commands/deploy/start.ts";
import { deployStatus } from "./commands/deploy/status.ts";
import { deployStop } from "./commands/deploy/stop.ts";
import { doctor } from "./commands/doctor.ts";
import { headLogs } from "./commands/head/logs.ts";
import { jobmanagerLogs } from "./commands/jobmanager/logs.ts";
import { rayStart } from "./commands/ray/start.ts";
import { rayStatus } from "./commands/ray/status.ts";
import { rayStop } from "./commands/ray/stop.ts";
import { ssh } from "./commands/ssh.ts";
import { tunnel } from "./commands/tunnel.ts";
import { workerConfig } from "./commands/worker/config.ts";
import { workerDeploy } from "./commands/worker/deploy.ts";
import { workerList } from "./commands/worker/list.ts";
import { workerLogs } from "./commands/worker/logs.ts";
import { workerAdd, workerRemove } from "./commands/worker/scale.ts";
import { completionCommand } from "./commands/completion.ts";
import { configConvert } from "./commands/config/convert.ts";
import { configDocs } from "./commands/config/docs.ts";
import { configGet } from "./commands/config/get.ts";
import { configInit } from "./commands/config/init.ts";
import { configSet } from "./commands/config/set.ts";
import { configShow } from "./commands/config/show.ts";
import { configValidate } from "./commands/config/validate.ts";
import { dashboard } from "./commands/dashboard.ts";
import { jobCleanup } from "./commands/job/cleanup.ts";
import { jobContinue, jobResume } from "./commands/job/continue.ts";
import { jobDelete } from "./commands/job/delete.ts";
import { jobHealth } from "./commands/job/health.ts";
import { jobHistory } from "./commands/job/history.ts";
import { jobInfo } from "./commands/job/info.ts";
import { jobList } from "./commands/job/list.ts";
import { jobLogs } from "./commands/job/logs.ts";
import { jobRescale } from "./commands/job/rescale.ts";
import { jobSavepoint } from "./commands/job/savepoint.ts";
import { jobShow } from "./commands/job/show.ts";
import { jobStatus } from "./commands/job/status.ts";
import { jobPause, jobStop } from "./commands/job/stop.ts";
import { jobSubmit } from "./commands/job/submit.ts";
import { jobWatch } from "./commands/job/watch.ts";
import { jobWhySlow } from "./commands/job/why-slow.ts";
import { jobmanagerRestart } from "./commands/jobmanager/restart.ts";
import { jobmanagerStart } from "./commands/jobmanager/start.ts";
import { jobmanagerStatus } from "./commands/jobmanager/status.ts";
import { jobmanagerStop } from "./commands/jobmanager/stop.ts";
import { run } from "./commands/run.ts";
import { versionCommand } from "./commands/version.ts";
import type { CommandSet, Group } from "./parser.ts";
import { version } from "./version.ts";

const groups: readonly Group[] = [
  { path: "cluster", summary: "Set up, start, watch and stop a Ray cluster on SSH hosts" },
  { path: "cluster scale", summary: "Add and remove workers" },
  { path: "deploy", summary: "Start and stop Ray and the JobManager of the cluster together" },
  { path: "head", summary: "The head host alone" },
  { path: "worker", summary: "The worker hosts, or one of them" },
  { path: "ray", summary: "The cluster of a NoKube file, ray-config.yaml" },
  { path: "jobmanager", summary: "Start, stop and look at the JobManager daemon" },
  { path: "job", summary: "Submit, watch, pause, continue and end jobs of the daemon" },
  { path: "config", summary: "Show, check and change the configuration", bare: "show" },
];

const commands: readonly AnyCommand[] = [
  run,
  jobmanagerStart, jobmanagerStop, jobmanagerRestart, jobmanagerStatus, jobmanagerLogs, dashboard,
  jobSubmit, jobList, jobShow, jobStatus, jobLogs, jobWatch, jobWhySlow, jobStop, jobContinue, jobSavepoint, jobRescale, jobDelete, jobCleanup, jobHistory, jobHealth, jobInfo,
  jobPause, jobResume,
  deployStart, deployStatus, deployStop, deployRestart,
  clusterInfo, clusterPlan, clusterDeploy, clusterStart, clusterStatus, clusterStop, clusterRestart, clusterScaleAdd, clusterScaleRemove, clusterRollback, clusterTrust,
  headStart, headStatus, headStop, headRestart, headLogs,
  workerStart, workerStatus, workerStop, workerRestart, workerConfig, workerList, workerDeploy, workerAdd, workerRemove, workerLogs,
  rayStart, rayStatus, rayStop,
  doctor, tunnel, ssh,
  configShow, configInit, configValidate, configGet, configSet, configDocs, configConvert,
  versionCommand, completionCommand(() => commandSet),
];

export const commandSet: CommandSet = { groups, commands, version };
