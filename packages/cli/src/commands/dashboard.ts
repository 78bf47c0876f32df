import { clusterOptions, loadClusterFor, openSession } from "../cluster/with-cluster.ts";
import { streamingCommand } from "../command.ts";
import { homeOf, homeOption } from "./jobmanager/home-options.ts";

export const dashboard = streamingCommand({
  path: "dashboard",
  summary: "Open the page that shows the daemon, its jobs and what they do",
  options: {
    remote: { type: "boolean", help: "of the daemon on the cluster's head, through SSH" },
    ...clusterOptions,
    ...homeOption,
    "no-open": { type: "boolean", help: "print the link, open no browser" },
  },
  details: "The link works once, within five minutes; the browser then stays in for a week. Without a daemon on this machine, the one on the cluster's head is shown, through SSH: then the command holds the tunnel open until Ctrl-C.",
  examples: ["sage dashboard", "sage dashboard --no-open --json", "sage dashboard --remote"],
  async *stream(context) {
    const { options, env, cwd, signal, io, forPrograms } = context;
    const [{ dashboardLink, ownDoor }, { openBrowser }] = await Promise.all([import("../local-daemon/dashboard-link.ts"), import("../open-browser.ts")]);
    const opensBrowser = !options["no-open"] && !forPrograms;
    const home = await homeOf(options.home, env, cwd);
    if (!options.remote && !(await isElsewhere(home, options.home !== undefined, env))) {
      const link = await dashboardLink(await ownDoor(home), signal);
      yield { ...link, opened: opensBrowser && (await openBrowser(link.url, env)) };
      return;
    }
    const { openDashboardWay } = await import("@sage/cluster");
    await using session = await openSession(await loadClusterFor(context), { ...context, isShort: true });
    await using way = await openDashboardWay(session, (error) => io.error(error instanceof Error ? error.message : String(error)));
    const link = await dashboardLink({ ...way, key: way.key.reveal() }, signal);
    yield { ...link, opened: opensBrowser && (await openBrowser(link.url, env)), through: way.head };
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
  },
  print({ url, opened, through }: Shown, io) {
    io.line(url);
    io.note(opened ? "opened in your browser; the link works once" : "open it in a browser; the link works once, within five minutes");
    if (through !== undefined) io.note(`it leads to ${through} through SSH, as long as this command runs; Ctrl-C ends it`);
  },
});

interface Shown {
  readonly url: string;
  readonly expiresAt: string;
  readonly opened: boolean;
  /** The host that the tunnel leads to. */
  readonly through?: string;
}

/** Whether no daemon of this machine is meant: none runs in the home, and the configured one is on another host. */
async function isElsewhere(home: string, isNamed: boolean, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { livingDaemon } = await import("../local-daemon/record.ts");
  if (isNamed || (await livingDaemon(home))) return false;
  const { readDaemonAddress } = await import("@sage/config/daemon-settings");
  const { host } = await readDaemonAddress({ env });
  return host !== "localhost" && host !== "::1" && !host.startsWith("127.");
}
