import { command } from "../command.ts";
import { homeOf, homeOption } from "./jobmanager/home-options.ts";

export const dashboard = command({
  path: "dashboard",
  summary: "Open the page that shows this machine's daemon, its jobs and what they do",
  options: {
    ...homeOption,
    "no-open": { type: "boolean", help: "print the link, open no browser" },
  },
  details: "The link works once, within five minutes; the browser then stays in for a week.",
  examples: ["sage dashboard", "sage dashboard --no-open --json"],
  async run({ options, env, cwd, signal, forPrograms }) {
    const home = await homeOf(options.home, env, cwd);
    const { dashboardLink } = await import("../local-daemon/dashboard-link.ts");
    const link = await dashboardLink(home, signal);
    const { openBrowser } = await import("../open-browser.ts");
    const opened = !options["no-open"] && !forPrograms && (await openBrowser(link.url, env));
    return { ...link, opened };
  },
  print({ url, opened }, io) {
    io.line(url);
    io.note(opened ? "opened in your browser; the link works once" : "open it in a browser; the link works once, within five minutes");
  },
});
