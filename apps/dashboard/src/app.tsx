// thin
import type { Connection } from "./connection.ts";
import type { JobsStore } from "./jobs-store.ts";
import { useStore } from "./store.ts";

export function App({ connection, jobs }: { connection: Connection; jobs: JobsStore }) {
  const state = useStore(connection.state);
  const list = useStore(jobs.jobs);
  return <main><h1>Jobs</h1><p role="status">{state.kind}</p><ul>{(list ?? []).map((job) => <li key={job.jobId}>{job.name} {job.status} {job.records}</li>)}</ul></main>;
}
