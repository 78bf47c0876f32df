import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ended, program, SageHome, says } from "./testing/sage-process.ts";

interface Job { readonly jobId: string; readonly number: number; readonly name: string; readonly status: string; readonly records: number; readonly labels: Record<string, string>; readonly submittedAt: string; readonly endedAt: string | null }

let home: SageHome;
beforeAll(async () => {
  home = await SageHome.make();
  await home.startDaemon();
});
afterAll(() => home[Symbol.asyncDispose]());

const sage = (...words: string[]) => home.sage(...words, ...home.daemon);
const jobs = async () => (JSON.parse((await sage("job", "list", "--json")).stdout) as { jobs: Job[] }).jobs;
const submitted = async (...words: string[]) => JSON.parse((await sage("job", "submit", ...words, "--json")).stdout) as Job;

describe("sage run", () => {
  test.each([["embedded", "--local", ""], ["in worker processes", "--parallelism=2", "print"], ["on the daemon", "--remote", "print"]])("%s: output on stdout, the rest on stderr, exit code 0", async (_where, flag, prefix) => {
    const words = [program("numbers"), flag, "--param", "count=4"];
    const { code, stdout, stderr } = await home.sage("run", ...words, ...(flag === "--remote" ? home.daemon : []), "--", "-x", "--json");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trim().split("\n");
    expect(lines.slice(0, -1).every((line) => line.startsWith(prefix))).toBe(true);
    expect(lines.slice(0, -1).map((line) => Number(line.replace(/^print\[\d\] /, ""))).toSorted((a, b) => a - b)).toEqual([2, 4, 6, 8]);
    expect(lines.at(-1)).toBe('ended: completed, arguments: ["-x","--json"]');
    expect(stderr).toMatch(/numbers: completed in/);
  });

  test("a failing operator: exit code 1, its place and the user's line, no stack of Sage's", async () => {
    for (const flag of ["--local", "--remote"]) {
      const { code, stderr } = await sage("run", program("numbers"), flag, "--param", "fail=true");
      expect(code).toBe(1);
      expect(stderr).toMatch(/error: .*double|error: .*map.*record 2/);
      expect(stderr).toContain("cannot double 2");
      expect(stderr).toMatch(/programs\/numbers\.ts:8:\d+/);
      expect(stderr).not.toMatch(/node:internal|packages\/(runtime|pipeline-api)\//);
    }
  });

  test("a program that throws: exit code 1, its own line", async () => {
    const { code, stderr } = await home.sage("run", program("breaks"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: the program failed: TypeError: broken before the first submit\n/);
    expect(stderr).toMatch(/programs\/breaks\.ts:2:\d+/);
    expect(stderr).not.toMatch(/node:internal|sage-run-|cli\/dist/);
  });

  test("without a daemon --remote ends with exit code 4", async () => {
    expect(await home.sage("run", program("numbers"), "--remote", "--port", "1")).toMatchObject({ code: 4, stdout: "", stderr: expect.stringContaining("sage jobmanager start") });
  });

  test("--json ends with one line for each job", async () => {
    const { stdout, code } = await home.sage("run", program("exported"), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trim().split("\n").at(-1)!)).toMatchObject({ name: "exported", status: "completed", endedAt: expect.stringMatching(/Z$/) });
  });

  test("Ctrl-C lets go of a remote job, which goes on: exit code 130, and how to end it", async () => {
    const child = home.spawn("run", program("endless"), "--remote", ...home.daemon);
    const end = ended(child);
    await says(child, "here");
    child.kill("SIGINT");
    const { code, stderr } = await end;
    expect(code).toBe(130);
    const job = (await jobs()).findLast((each) => each.name.startsWith("endless"))!;
    expect(job.status).toBe("running");
    expect(stderr).toContain(`sage job stop ${job.jobId}`);
    expect((await sage("job", "stop", job.jobId)).code).toBe(0);
  });

  test("Ctrl-C ends an embedded job: exit code 130", async () => {
    const child = home.spawn("run", program("endless"), "--local");
    const end = ended(child);
    await says(child, "here");
    child.kill("SIGINT");
    const { code, stderr } = await end;
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted: job \S+ was ended/);
  });
});

describe("sage job", () => {
  test("submit prints the id and what to do next; name, id and labels are those given; the same id is the same job", async () => {
    const id = "01930000-0000-7000-8000-00000000abcd";
    const { code, stdout, stderr } = await sage("job", "submit", program("numbers"), "--name", "mine", "--id", id, "--label", "team=data");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${id}\n` });
    expect(stderr).toMatch(/sage job watch \d+ --port/);
    expect((await sage("job", "submit", program("numbers"), "--name", "mine", "--id", id, "--label", "team=data")).stdout).toBe(`${id}\n`);
    expect((await jobs()).filter(({ jobId }) => jobId === id)).toMatchObject([{ name: "mine", labels: { team: "data" }, submittedAt: expect.stringMatching(/Z$/) }]);
  });

  test("list --label shows the jobs that have the label, and with several those that have all of them", async () => {
    const [ours, both] = [await submitted(program("numbers"), "--label", "part=list"), await submitted(program("numbers"), "--label", "part=list", "--label", "stage=test=1")];
    await submitted(program("numbers"), "--label", "part=other");
    const listed = async (...labels: string[]) => {
      const { code, stdout } = await sage("job", "list", ...labels.flatMap((label) => ["--label", label]), "-o", "name");
      return { code, ids: stdout.split("\n").filter(Boolean).toSorted() };
    };
    expect(await listed("part=list")).toEqual({ code: 0, ids: [ours.jobId, both.jobId].toSorted() });
    expect(await listed("part=list", "stage=test=1")).toEqual({ code: 0, ids: [both.jobId] });
    expect(await listed("part=")).toEqual({ code: 0, ids: [] });
    expect(await sage("job", "list", "--label", "part")).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--label") });
  });

  test("health, info and the operators of a log answer for what is there, and name what is not", async () => {
    const { jobId } = await submitted(program("numbers"));
    await sage("job", "watch", jobId);
    expect(await sage("job", "health")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^healthy: the daemon at 127\.0\.0\.1:\d+ says SERVING\n$/) });
    expect((await sage("job", "info")).stdout).toMatch(/^Version: .*\nProcess: .*\nDriver: +process\nHome: [^]*\nJobs: .*completed/);
    expect(await sage("job", "logs", jobId, "--operator", "nobody")).toMatchObject({ code: 3, stdout: "", stderr: expect.stringMatching(/no operator "nobody"[^]*Its operators are .*double/) });
    expect(await home.sage("job", "health", "--port", "1")).toMatchObject({ code: 4, stdout: "" });
  });

  test("submit --follow prints the lines and ends with the job; a failed one gives exit code 1", async () => {
    expect(await sage("job", "submit", program("exported"), "--follow")).toMatchObject({ code: 0, stdout: expect.stringMatching(/completed\n$/), stderr: expect.stringMatching(/print\[0\] a\n/) });
    expect(await sage("job", "submit", program("numbers"), "--follow", "--param", "fail=true")).toMatchObject({ code: 1, stdout: expect.stringMatching(/ failed\n\nFailed in operator double\[0\], record 2.*cannot double 2\n/) });
  });

  test("submit without --follow has exit code 0 when the daemon has the job, even if that has failed already", async () => {
    const again = ["job", "submit", program("numbers"), "--id", "0196c0de-0000-7000-8000-00000000fa11", "--param", "fail=true"];
    expect(await sage(...again, "--follow")).toMatchObject({ code: 1 });
    expect(await sage(...again)).toMatchObject({ code: 0 });
  });

  test("a program without a submit is refused", async () => {
    expect(await sage("job", "submit", program("breaks"))).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("broken before the first submit") });
  });

  test("a number, an id and the beginning of an id mean the same job; status, show and watch agree", async () => {
    const { jobId, number } = await submitted(program("numbers"));
    expect((await sage("job", "watch", String(number))).code).toBe(0);
    for (const ref of [String(number), jobId, jobId.slice(0, 20)]) {
      expect(await sage("job", "status", ref)).toMatchObject({ code: 0, stdout: "completed\n" });
    }
    const shown = await sage("job", "show", jobId, "-v");
    expect(shown.stdout).toMatch(/^Dispatcher: +3 tasks, 0 running, 0 services, 0 workers$/m);
    expect(shown.stdout).toMatch(/^double +1 +1 finished +3 +3 +0 +0 +0 +0 +0$/m);
    expect(JSON.parse((await sage("job", "show", jobId, "--json")).stdout)).toMatchObject({ jobId, number, status: "completed", records: 3, failure: null, operators: expect.arrayContaining([expect.objectContaining({ kind: "map" })]) });
    expect((await sage("job", "list", "-o", "name")).stdout.split("\n")).toContain(jobId);
  });

  test("an unknown job gives exit code 3, an ambiguous beginning exit code 2 with the candidates", async () => {
    const [first, second] = ["01940000-0000-7000-8000-000000000001", "01940000-0000-7000-8000-000000000002"];
    for (const id of [first, second]) await sage("job", "submit", program("exported"), "--id", id);
    expect(await sage("job", "show", "ffffffff")).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("sage job list") });
    const ambiguous = await sage("job", "status", "01940000");
    expect(ambiguous.code).toBe(2);
    for (const id of [first, second]) expect(ambiguous.stderr).toContain(id);
  });

  test("logs print what operators printed; --json is a line of JSON each; --tail and --operator choose", async () => {
    const { jobId } = await submitted(program("numbers"));
    const { code, stdout } = await sage("job", "logs", jobId, "-f");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} print\[0\] 2\n.*print\[0\] 4\n.*print\[0\] 6\n/);
    const lines = (await sage("job", "logs", jobId, "--json", "--tail", "2", "--operator", "print")).stdout.trim().split("\n").map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([{ text: "4", operator: "print", index: 0, time: expect.stringMatching(/Z$/) }, { text: "6" }]);
  });

  test("a failed job's show has its failure with operator, record and the user's line; watch gives exit code 1", async () => {
    const { jobId } = await submitted(program("numbers"), "--param", "fail=true");
    expect((await sage("job", "watch", jobId)).code).toBe(1);
    const { stdout } = await sage("job", "show", jobId);
    expect(stdout).toMatch(/^Failed in operator double\[0\], record 2.*cannot double 2$/m);
    expect(stdout).toMatch(/programs\/numbers\.ts:8:\d+/);
    expect(JSON.parse((await sage("job", "show", jobId, "--json")).stdout)).toMatchObject({ status: "failed", failure: { operator: "double", recordNumber: 2, at: expect.stringMatching(/Z$/) } });
  });

  test("a running job: hostile names are escaped, delete is refused, with --force it is stopped and deleted; following is let go of by Ctrl-C", async () => {
    const { jobId, number } = await submitted(program("endless"));
    const list = await sage("job", "list");
    expect(list.stdout).toContain("endless \\e[31m\\u{202e}name");
    expect(list.stdout).not.toMatch(/[\u001b\u202e]/);

    const follower = home.spawn("job", "logs", jobId, "-f", ...home.daemon);
    const end = ended(follower);
    await says(follower, "here");
    follower.kill("SIGINT");
    expect(await end).toMatchObject({ code: 130, stderr: expect.stringContaining(`sage job logs -f ${jobId}`) });

    expect(await sage("job", "delete", jobId)).toMatchObject({ code: 1, stderr: expect.stringContaining("--force") });
    expect(await sage("job", "cleanup")).toMatchObject({ code: 0 });
    expect(await sage("job", "status", jobId)).toMatchObject({ stdout: "running\n" });
    expect(await sage("job", "delete", String(number), "--force")).toMatchObject({ code: 0, stdout: expect.stringContaining("deleted") });
    expect((await jobs()).map((job) => job.jobId)).not.toContain(jobId);
    expect((await sage("job", "list", "--status", "deleted", "-o", "name")).stdout).toContain(jobId);
    const some = JSON.parse((await sage("job", "list", "--status", "deleted,failed", "-s", "stopped", "--json")).stdout) as { readonly jobs: readonly Job[] };
    expect(some.jobs.map((job) => job.jobId)).toContain(jobId);
    expect(some.jobs.filter(({ status }) => !["deleted", "failed", "stopped"].includes(status))).toEqual([]);
  });

  test.each([["computes most", "heavily", "waits=false"], ["is waited for most", "patiently", "waits=true"]])("why-slow names the operator of a chain that %s; two who ask at once get an answer", async (_what, operator, param) => {
    const { jobId } = await submitted(program("chained"), "--param", param);
    await expect.poll(async () => (await sage("job", "why-slow", jobId)).stdout, { timeout: 60_000 }).toContain(`of its operators ${operator} takes most`);
    const answers = await Promise.all([0, 1].map(() => sage("job", "why-slow", jobId, "--json")));
    expect(answers.map(({ code }) => code)).toEqual([0, 0]);
    const seen = answers.map(({ stdout }) => (JSON.parse(stdout) as { bottleneck: { operator?: string } }).bottleneck.operator);
    expect(seen).toContain(operator);
    await sage("job", "stop", jobId, "--now");
  });

  test("stop returns when the job is stopped and its workers are gone; stopping it again, as pause too, is no error; resume continues it", async () => {
    const { jobId } = await submitted(program("endless"));
    expect(await sage("job", "stop", jobId)).toMatchObject({ code: 0, stdout: expect.stringContaining("is stopped") });
    expect(JSON.parse((await sage("job", "show", jobId, "--json")).stdout)).toMatchObject({ status: "stopped", resourcesReleased: true });
    for (const word of ["stop", "pause"]) expect(await sage("job", word, jobId)).toMatchObject({ code: 0, stdout: expect.stringContaining("already") });
    expect(await sage("job", "resume", jobId)).toMatchObject({ code: 0, stdout: expect.stringContaining("is running") });
    expect(await sage("job", "delete", jobId, "--force")).toMatchObject({ code: 0 });
    expect((await sage("job", "--help")).stdout).not.toMatch(/pause <|resume </);
  });

  test("cleanup deletes what has ended, and only what is old enough", async () => {
    await sage("run", program("exported"), "--remote");
    const before = (await jobs()).length;
    expect((await sage("job", "cleanup", "--older-than", "1h")).code).toBe(0);
    expect((await jobs()).length).toBe(before);
    const { stdout } = await sage("job", "cleanup", "--json");
    expect((JSON.parse(stdout) as { jobs: Job[] }).jobs.length).toBe(before);
    expect(await jobs()).toEqual([]);
  });
});
