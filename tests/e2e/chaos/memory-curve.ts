// Whether the memory of a process stays where it is. Pure.
//
// A process warms up: its first third says nothing. Then a leak shows as a last third that lies above the middle one; the
// least of ten neighbours stands for them, because what a collector has not yet looked at is no leak.

export interface Sample {
  /** Of what lives behind a full collection. */
  readonly liveBytes: number;
  readonly rssBytes: number;
}

export interface MemoryCurve {
  readonly name: string;
  readonly samples: number;
  /** What lives, of the middle third and of the last one, the medians of the least of ten neighbours; MiB. */
  readonly middleMiB: number;
  readonly lastMiB: number;
  /** Resident, at most. */
  readonly highestRssMiB: number;
  readonly isFlat: boolean;
  /** What lives, a point each twentieth of the run; MiB. */
  readonly points: readonly number[];
  /** What is resident, in the same way. */
  readonly rssPoints: readonly number[];
}

/** What a healthy process may gain from the middle third to the last: code that is compiled, buffers on their way. */
const toleratedPart = 0.05;
const toleratedMiB = 2;
const neighbours = 10;

/** @param samples - in order, at even distances; 60 or more. */
export function curveOf(name: string, samples: readonly Sample[]): MemoryCurve {
  const all = samples.map(({ liveBytes }) => liveBytes / 2 ** 20);
  const third = Math.floor(all.length / 3);
  const middleMiB = floorOf(all.slice(third, 2 * third));
  const lastMiB = floorOf(all.slice(2 * third));
  return {
    name, samples: all.length, middleMiB: round(middleMiB), lastMiB: round(lastMiB), highestRssMiB: round(Math.max(...samples.map(({ rssBytes }) => rssBytes / 2 ** 20))),
    isFlat: lastMiB <= middleMiB * (1 + toleratedPart) + toleratedMiB,
    points: twentieths(all), rssPoints: twentieths(samples.map(({ rssBytes }) => rssBytes / 2 ** 20)),
  };
}

function floorOf(values: readonly number[]): number {
  const floors = Array.from({ length: Math.ceil(values.length / neighbours) }, (_, i) => Math.min(...values.slice(i * neighbours, (i + 1) * neighbours))).sort((a, b) => a - b);
  return floors[Math.floor(floors.length / 2)] ?? 0;
}

const twentieths = (all: readonly number[]): number[] => Array.from({ length: 20 }, (_, i) => round(all[Math.floor((i * (all.length - 1)) / 19)] ?? 0));

const round = (mib: number): number => Math.round(mib * 10) / 10;
