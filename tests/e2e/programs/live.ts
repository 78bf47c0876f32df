// A job that runs until it is stopped: two chains, a service, a side of every kind of line in its log.
import { environment, MapFunction, ServiceFunction, SourceFunction } from "@sage/pipeline";

interface Reading {
  readonly sensor: number;
  readonly celsius: number;
}

class Sensors extends SourceFunction<Reading> {
  made = 0;
  async execute(): Promise<Reading> {
    if (this.made++ % 200 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    return { sensor: this.made % 50, celsius: 20 + (this.made % 17) };
  }
}
class Calibration extends ServiceFunction {
  correct(celsius: number): number {
    return celsius * 1.01;
  }
}
class Calibrate extends MapFunction<Reading, Reading> {
  seen = 0;
  override open(): void {
    this.ctx.logger.warn("calibration of last year");
  }
  execute(reading: Reading): Reading {
    if (this.seen++ % 5_000 === 0) console.log(`calibrated ${this.seen}`);
    return { ...reading, celsius: reading.celsius * 1.01 };
  }
}
class Alarm extends MapFunction<Reading, boolean> {
  async execute({ sensor, celsius }: Reading): Promise<boolean> {
    return sensor !== 7 || (await this.ctx.service<Calibration>("calibration").correct(celsius)) > 36;
  }
}

const env = environment("sensors", { parallelism: 2 });
env.registerService("calibration", Calibration);
const readings = env.fromSource(Sensors).with({ name: "sensors" }).map(Calibrate).with({ name: "calibrate" });
readings.keyBy(({ sensor }) => sensor).map(Alarm).with({ name: "alarm" }).filter((isHot) => !isHot).print("cold");
readings.filter(({ celsius }) => celsius > 100).sink(() => {}, { name: "archive", parallelism: 1 });
await env.submit({ autostop: true, timeoutMs: 0 });
