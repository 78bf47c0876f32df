// What `/metrics` says. README.md beside this file documents every name; times are in seconds, sizes in bytes.
//
// Jobs that have ended stay for a few minutes, so that the last scrape sees their last numbers.

import type { JobManager } from "../jobs/job-manager.ts";
import type { JobSnapshot } from "../jobs/job.ts";
import { isEnded } from "../jobs/lifecycle.ts";
import { recordsOf, type RayJson } from "@sage/protocol/json";
import type { Clock } from "@sage/core";
import type { ServerFacts } from "../services/job-service.ts";
import { PrometheusText, type Labels } from "./prometheus-text.ts";

export interface MetricsParts {
  readonly jobs: JobManager;
  readonly facts: ServerFacts;
  readonly clock: Clock;
  /** What is known of Ray; absent: the daemon knows of none. */
  readonly ray?: { readonly last: RayJson };
}

const endedJobsStayMs = 5 * 60_000;

/** @param pages - websockets that are open. */
export function metricsText({ jobs, facts, clock, ray }: MetricsParts, pages: number): string {
  const text = new PrometheusText();
  const nowMs = clock.now();
  const { user, system } = process.cpuUsage();
  text.family("sage_daemon_info", "gauge", "Always 1; its labels describe the daemon.")(1, { version: facts.version ?? "", driver: facts.driver ?? "", node: process.version });
  text.family("sage_daemon_start_time_seconds", "gauge", "When the daemon started, since the epoch.")(Number(facts.startedAtMs ?? 0) / 1_000);
  text.family("sage_daemon_resident_memory_bytes", "gauge", "Memory that the daemon's process has.")(process.memoryUsage.rss());
  text.family("sage_daemon_cpu_seconds_total", "counter", "CPU time that the daemon's process has used.")((user + system) / 1e6);
  text.family("sage_dashboard_connections", "gauge", "Pages that are connected.")(pages);
  const byPhase = text.family("sage_jobs", "gauge", "Jobs that the daemon knows, by phase.");
  const counts = jobs.jobsByPhase();
  for (const phase of ["initializing", "running", "stopping", "stopped", "recovering", "completed", "failed", "deleted"] as const) byPhase(counts[phase] ?? 0, { phase });
  writeJobs(text, jobs.list().filter(({ record }) => !isEnded(record.phase) || record.endedAtMs > nowMs - endedJobsStayMs), nowMs);
  if (ray) writeRay(text, ray.last);
  return text.toString();
}

function writeRay(text: PrometheusText, { state, version, nodes, resources }: RayJson): void {
  text.family("sage_ray_up", "gauge", "Whether Ray's dashboard has answered the last question.")(state === "up" ? 1 : 0, { version });
  const byState = text.family("sage_ray_nodes", "gauge", "Nodes of Ray, by whether they live.");
  const alive = nodes.filter(({ isAlive }) => isAlive).length;
  byState(alive, { state: "alive" });
  byState(nodes.length - alive, { state: "dead" });
  const total = text.family("sage_ray_resources_total", "gauge", "What the living nodes of Ray have of a resource; memory in bytes.");
  const used = text.family("sage_ray_resources_used", "gauge", "What is used of it, where Ray says so.");
  for (const { name, total: has, used: uses } of resources) {
    total(has, { resource: name });
    if (uses !== null) used(uses, { resource: name });
  }
}

function writeJobs(text: PrometheusText, jobs: readonly JobSnapshot[], nowMs: number): void {
  const up = text.family("sage_job_running", "gauge", "Whether the job is running.");
  const records = text.family("sage_job_source_records_total", "counter", "Records that the job's sources have emitted.");
  const runtime = text.family("sage_job_runtime_seconds", "gauge", "From the job's start to its end, or to now.");
  const attempts = text.family("sage_job_attempts_total", "counter", "How often the job was started.");
  const workers = text.family("sage_job_workers", "gauge", "Worker processes that the job has.");
  const restarts = text.family("sage_job_restarts_total", "counter", "How often the job went on after a failure.");
  const duration = text.family("sage_job_last_checkpoint_duration_seconds", "gauge", "How long the job's last complete checkpoint took.");
  const size = text.family("sage_job_last_checkpoint_bytes", "gauge", "Size of the job's last complete checkpoint.");
  const at = text.family("sage_job_last_checkpoint_timestamp_seconds", "gauge", "When the job's last complete checkpoint was triggered, since the epoch.");
  for (const { record, operators, workers: count } of jobs) {
    const labels = { job_id: record.jobId, job: record.name };
    up(record.phase === "running" ? 1 : 0, labels);
    records(recordsOf({ operators }), labels);
    if (record.startedAtMs > 0) runtime(Math.max(0, (record.endedAtMs || nowMs) - record.startedAtMs) / 1_000, labels);
    attempts(record.attempt, labels);
    workers(count, labels);
    restarts(record.restartCount ?? 0, labels);
    const last = record.checkpoints?.findLast(({ state }) => state === "complete");
    if (!last) continue;
    duration(last.durationMs / 1_000, labels);
    size(last.bytes, labels);
    at(last.triggeredAtMs / 1_000, labels);
  }
  writeOperators(text, jobs);
  writeServices(text, jobs);
}

const counters = [
  ["recordsIn", "sage_operator_records_in_total", "Records that the instance has taken."],
  ["recordsOut", "sage_operator_records_out_total", "Records that the instance has emitted."],
  ["skipped", "sage_operator_skipped_records_total", "Records that the instance has left out by request after an error."],
  ["deadLettered", "sage_operator_dead_letters_total", "Records that the instance has put aside after an error."],
  ["retried", "sage_operator_retries_total", "How often the instance has tried a record again."],
  ["bytesIn", "sage_operator_received_bytes_total", "Bytes that the instance has received from other workers."],
  ["bytesOut", "sage_operator_sent_bytes_total", "Bytes that the instance has sent to other workers."],
] as const;

/** In milliseconds on the wire, in seconds here. */
const times = [
  ["busyMs", "sage_operator_busy_seconds_total", "Time that the instance's task has worked."],
  ["backPressuredMs", "sage_operator_back_pressured_seconds_total", "Time that the instance's task has waited for room behind it."],
  ["idleMs", "sage_operator_idle_seconds_total", "Time that the instance's task has waited for records."],
  ["turnMs", "sage_operator_turn_seconds_total", "Part of its busy time: other tasks of its worker had their turn."],
] as const;

const gauges = [
  ["queuedBatches", "sage_operator_queued_batches", "Batches and events that wait in the instance's inputs."],
  ["queuedBytes", "sage_operator_queued_bytes", "Bytes from other workers that wait in the instance's inputs."],
  ["stateBytes", "sage_operator_state_bytes", "State of the instance in its last snapshot."],
  ["stateKeys", "sage_operator_state_keys", "Keys for which the instance has state."],
  ["restarts", "sage_operator_restarts", "How often the instance was started again."],
] as const;

function writeOperators(text: PrometheusText, jobs: readonly JobSnapshot[]): void {
  const each = (visit: (instance: JobSnapshot["operators"][number]["instances"][number], labels: Labels) => void) => {
    for (const { record, operators } of jobs) {
      for (const { nodeId, name, instances } of operators) {
        for (const instance of instances) visit(instance, { job_id: record.jobId, job: record.name, operator: name, node_id: nodeId, index: instance.index, host: instance.host });
      }
    }
  };
  for (const [field, name, help] of counters) {
    const sample = text.family(name, "counter", help);
    each((instance, labels) => sample(instance[field], labels));
  }
  for (const [field, name, help] of times) {
    const sample = text.family(name, "counter", help);
    each((instance, labels) => sample(instance[field] / 1_000, labels));
  }
  for (const [field, name, help] of gauges) {
    const sample = text.family(name, "gauge", help);
    each((instance, labels) => sample(instance[field], labels));
  }
  const lag = text.family("sage_operator_watermark_lag_seconds", "gauge", "How far the instance's watermark is behind the clock.");
  each((instance, labels) => { if (instance.hasWatermark) lag(instance.watermarkLagMs / 1_000, labels); });
  const latencies = text.family("sage_operator_latency_seconds", "gauge", "From a source to the instance, where it is the end of a path: quantiles of the last minute.");
  each(({ latencySamples, latencyP50Ms, latencyP99Ms, latencyMaxMs }, labels) => {
    if (!(latencySamples > 0)) return;
    for (const [quantile, ms] of [["0.5", latencyP50Ms], ["0.99", latencyP99Ms], ["1", latencyMaxMs]] as const) latencies(ms / 1_000, { ...labels, quantile });
  });
  const progress = text.family("sage_operator_progress_ratio", "gauge", "How much of a source of known size is done, 0 to 1.");
  each((instance, labels) => { if (instance.progress >= 0) progress(instance.progress, labels); });
}

function writeServices(text: PrometheusText, jobs: readonly JobSnapshot[]): void {
  const calls = text.family("sage_service_calls_total", "counter", "Calls that the service has answered or failed.");
  const failures = text.family("sage_service_failures_total", "counter", "Calls that the service has failed.");
  const restarts = text.family("sage_service_restarts_total", "counter", "How often the service was restarted.");
  const queued = text.family("sage_service_queued_calls", "gauge", "Calls that wait for the service.");
  const answered = text.family("sage_service_answered_total", "counter", "Calls of the service that have ended.");
  const latency = text.family("sage_service_latency_seconds_total", "counter", "Time from the calls that have ended to their answers, in all; its rate by that of sage_service_answered_total is the mean.");
  for (const { record, services } of jobs) {
    for (const service of services) {
      const labels = { job_id: record.jobId, job: record.name, service: service.name, index: service.index };
      calls(service.calls, labels);
      failures(service.failures, labels);
      restarts(service.restarts, labels);
      queued(service.queued, labels);
      answered(service.answered, labels);
      latency(service.latencyTotalMs / 1_000, labels);
    }
  }
}
