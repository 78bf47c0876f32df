// Says one line and then waits for ever.
import { environment, SourceFunction } from "@sage/pipeline";

class OneThenIdle extends SourceFunction<string> {
  said = false;

  execute() {
    if (this.said) return SourceFunction.IDLE;
    this.said = true;
    return "here";
  }
}

const env = environment("endless \u001b[31m\u202ename");
env.fromSource(OneThenIdle).print();
await env.submit({ autostop: true, timeoutMs: 0 });
