// What is known of one parallel instance of an operator, as a row of numbers. An InstanceView of forty fields that is replaced
// every second lives longer than V8's young generation keeps it: with thousands of them a daemon does little but collect garbage.

import { emptyInstance } from "./empty-instance.ts";
import type { BlockView__Output as BlockView } from "./gen/sage/v1/BlockView.ts";
import type { InstanceView__Output as InstanceView } from "./gen/sage/v1/InstanceView.ts";
import { messageReader, messageType } from "./method-definitions.ts";
import { wire, type WireReader } from "./wire-reader.ts";

/** The fields of an instance that are numbers; whether it has a watermark is one, too. */
export type InstanceNumber = { [Name in keyof InstanceView]: InstanceView[Name] extends number | boolean ? Name : never }[keyof InstanceView];

const { fields } = messageType("sage.v1.InstanceView");
const names = Object.keys(fields).filter((name) => /^(u?int|double|bool)/.test(fields[name]!.type)) as InstanceNumber[];
const columnOf = Object.fromEntries(names.map((name, column) => [name, column])) as Readonly<Record<InstanceNumber, number>>;
/** By the field's id; -1: another field. */
const columnOfId = { [wire.varint]: idsOf((type) => type !== "double"), [wire.double]: idsOf((type) => type === "double") };
const [stateId, blockId] = [fields["state"]!.id, fields["block"]!.id];
const readBlock = messageReader<BlockView>("sage.v1.BlockView");

/** How many numbers a row takes. */
export const instanceNumbers = names.length;

function idsOf(isMeant: (type: string) => boolean): Int8Array {
  const found = new Int8Array(128).fill(-1);
  for (const name of names) if (isMeant(fields[name]!.type)) found[fields[name]!.id] = columnOf[name];
  return found;
}

export class InstanceRow {
  readonly #numbers: Float64Array;
  readonly #from: number;
  state: string;
  block: BlockView | null = null;

  /** @param numbers - of many rows. @param row - which of them this is. */
  constructor(numbers: Float64Array, row: number) {
    this.#numbers = numbers;
    this.#from = row * instanceNumbers;
    const { state, ...empty } = emptyInstance(0);
    this.state = state;
    for (const name of names) this.set(name, Number(empty[name]));
  }

  get(name: InstanceNumber): number {
    return this.#numbers[this.#from + columnOf[name]]!;
  }

  set(name: InstanceNumber, value: number): void {
    this.#numbers[this.#from + columnOf[name]] = value;
  }

  /** Takes what a worker says of it, which is everything: what is left out is 0. @throws MalformedRequestError */
  read(reader: WireReader): void {
    const [numbers, from] = [this.#numbers, this.#from];
    numbers.fill(0, from, from + instanceNumbers);
    this.block = null;
    let hasState = false;
    while (reader.next()) {
      if (reader.wire === wire.varint || reader.wire === wire.double) {
        const column = columnOfId[reader.wire][reader.id] ?? -1;
        if (column >= 0) numbers[from + column] = reader.value;
      } else if (reader.isBytes(stateId)) {
        hasState = true;
        if (!reader.isText(this.state)) this.state = reader.text();
      } else if (reader.isBytes(blockId)) this.block = readBlock(reader.bytes.subarray(reader.from, reader.to));
    }
    if (!hasState) this.state = "";
  }

  /** As {@link read}, of a message that has been decoded. */
  take(instance: InstanceView): void {
    this.state = instance.state;
    this.block = instance.block;
    for (const name of names) this.set(name, Number(instance[name]));
  }

  /** @param place - where it runs. */
  view(place: Pick<InstanceView, "index" | "host" | "pid" | "workerId" | "restarts">): InstanceView {
    const view = { ...emptyInstance(0), state: this.state, block: this.block } as Record<string, unknown>;
    for (const name of names) view[name] = this.get(name);
    return Object.assign(view, place, { hasWatermark: this.get("hasWatermark") !== 0 }) as unknown as InstanceView;
  }
}
