// pnpm bench:setup: installs the peers that npm has not (Flink, Hazelcast Jet, Bytewax) into bench/.cache/peers, which
// git ignores: about 1 GB. Needs Maven with a JDK, and a Python of 3.9 to 3.12. What cannot be installed is named, and
// `pnpm bench engines` names it as missing.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, ".cache/peers");
const bytewaxVersion = "0.21.1";

const answers = (command, ...args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;
const run = (command, ...args) => execFileSync(command, args, { stdio: "inherit" });

const steps = {
  "Flink and Hazelcast Jet": () => {
    if (!answers("mvn", "-v")) throw new Error("Maven is missing: install maven and a JDK");
    run("mvn", "-q", "-f", join(here, "peers/java/pom.xml"), `-DbuildDirectory=${join(folder, "java")}`, "package", "dependency:build-classpath", `-Dmdep.outputFile=${join(folder, "classpath.txt")}`);
  },
  [`Bytewax ${bytewaxVersion}`]: () => {
    const python = ["python3.12", "python3.11", "python3.10", "python3.9"].find((name) => answers(name, "-c", "import venv"));
    if (!python) throw new Error("no Python of 3.9 to 3.12 on the PATH");
    const venv = join(folder, "bytewax");
    if (!existsSync(join(venv, "bin/python"))) run(python, "-m", "venv", venv);
    run(join(venv, "bin/pip"), "install", "--quiet", `bytewax==${bytewaxVersion}`);
  },
};

mkdirSync(folder, { recursive: true });
for (const [name, install] of Object.entries(steps)) {
  console.log(`${name} …`);
  try {
    install();
    console.log(`${name}: installed`);
  } catch (error) {
    console.error(`${name}: not installed: ${error.message.split("\n")[0]}`);
    process.exitCode = 1;
  }
}
