// Hands an address to the person's browser, where there is one.

import { spawn } from "node:child_process";

/** Whether a browser was asked to show it; over SSH or without a desktop there is none. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const words = browserCommand(url, env, platform);
  if (!words) return Promise.resolve(false);
  return new Promise((resolve) => {
    const [program = "", ...args] = words;
    const child = spawn(program, args, { detached: true, stdio: "ignore", env });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}

/** Undefined: nobody would see it. */
export function browserCommand(url: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] | undefined {
  if (env["SSH_CONNECTION"]) return undefined;
  if (platform === "darwin") return ["open", url];
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", url];
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] ? ["xdg-open", url] : undefined;
}
