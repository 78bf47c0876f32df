// SSH hosts for a test or a benchmark, in namespaces of this machine; taken down when the scope ends. See README.md.
import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = join(repository(dirname(fileURLToPath(import.meta.url))), "tests/testbed/");

/** The checkout that a folder lies in; this module may be part of a bundle elsewhere in it. */
function repository(folder: string): string {
  if (existsSync(join(folder, "tests/testbed/testbed"))) return folder;
  if (folder === dirname(folder)) throw new Error("there is no testbed in the folders above");
  return repository(dirname(folder));
}

export interface TestbedHost {
  readonly name: string;
  readonly ip: string;
  readonly hostKey: string;
  readonly fingerprint: string;
  readonly state: "up" | "cut" | "dead";
}

export interface TestbedOptions {
  readonly hosts: number;
  /** 1 to 8 letters that end in no digit: "sshd-". */
  readonly prefix: string;
  /** A range of its own: "10.231.50.0/24". */
  readonly net: string;
  /** Directories of this machine that the hosts see, read-only. */
  readonly share?: readonly string[];
}

/** Why this machine cannot run a testbed, in one line; undefined if it can. Installs what is missing where that is allowed. */
export function testbedRefusal(): string | undefined {
  try {
    execFileSync(`${here}setup.sh`, { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout ?? error).trim() || String(error);
  }
}

/** Begins with a `down`, so what an earlier run left does no harm. */
export async function startTestbed(options: TestbedOptions): Promise<Testbed> {
  const testbed = new Testbed(options.prefix);
  await testbed.call("down");
  const share = (options.share ?? []).flatMap((dir) => ["--share", dir]);
  try {
    testbed.facts = JSON.parse(await testbed.call("up", String(options.hosts), "--net", options.net, ...share)) as Testbed["facts"];
    return testbed;
  } catch (error) {
    await testbed.call("down");
    throw error;
  }
}

export class Testbed implements AsyncDisposable {
  readonly prefix: string;
  facts!: {
    readonly keyLogin: { readonly user: string; readonly privateKey: string };
    readonly passwordLogin: { readonly user: string; readonly password: string };
    readonly knownHosts: string;
    readonly sshConfig: string;
    readonly machine: string;
    readonly hosts: readonly TestbedHost[];
  };

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  get hosts(): readonly TestbedHost[] {
    return this.facts.hosts;
  }

  /** The n-th host, from 1. */
  host(n: number): TestbedHost {
    const found = this.facts.hosts[n - 1];
    if (!found) throw new Error(`the testbed has ${this.facts.hosts.length} hosts, not ${n}`);
    return found;
  }

  /** Runs a shell script as root in a host, without SSH; resolves to what it prints. */
  async exec(n: number, script: string): Promise<string> {
    return this.call("exec", this.host(n).name, "bash", "-c", script);
  }

  async cut(n: number): Promise<void> {
    await this.call("cut", this.host(n).name);
  }

  async heal(n: number): Promise<void> {
    await this.call("heal", this.host(n).name);
  }

  /** Power loss: no goodbye reaches anybody. */
  async kill(n: number): Promise<void> {
    await this.call("kill", this.host(n).name);
  }

  async boot(n: number): Promise<void> {
    await this.call("boot", this.host(n).name);
  }

  /** Adds `ms` to every round trip; 0 ends it. */
  async slow(n: number, ms: number): Promise<void> {
    await this.call("slow", this.host(n).name, String(ms));
  }

  async call(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(`${here}testbed`, ["--prefix", this.prefix, ...args], { maxBuffer: 1 << 26 });
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.call("down");
  }
}
