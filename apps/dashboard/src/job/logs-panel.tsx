// What a job's operators logged and printed: followed, held still, searched, by level and operator.

import type { JobJson } from "@sage/protocol/json";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Connection } from "../connection.ts";
import { plain, plainName, plural, showClock, showTime } from "../format.ts";
import { Store, useStore } from "../store.ts";
import { Icon } from "../ui/icons.tsx";
import { VirtualList } from "../ui/virtual-list.tsx";
import { LogLines } from "./log-lines.ts";

export interface LogsPanelProps {
  readonly connection: Connection;
  readonly job: JobJson;
  readonly operator: string;
  readonly onOperator: (name: string) => void;
}

const lineHeight = 20;
const firstLines = 2_000;
const levels = ["debug", "info", "warn", "error"];

export function LogsPanel({ connection, job, operator, onOperator }: LogsPanelProps) {
  const [level, setLevel] = useState("debug");
  const [words, setWords] = useState("");
  const [following, follow] = useState(true);
  const [heldAt, hold] = useState<number | undefined>(undefined);
  const [lines, changes] = useMemo(() => [new LogLines(), new Store(0)] as const, [job.jobId, level, operator]);
  const [error, setError] = useState("");
  useStore(changes);
  useEffect(() => {
    setError("");
    return connection.subscribe({
      request: () => ({ topic: "logs", jobId: job.jobId, level, ...(operator === "" ? {} : { operator }), ...(lines.lastSeq > 0 ? { afterSeq: lines.lastSeq } : { tail: firstLines }) }),
      onData: (message) => {
        if (message.topic !== "logs") return;
        lines.add(message.lines);
        changes.set(changes.value + 1);
      },
      onError: ({ message }) => setError(message),
    });
  }, [connection, lines, job.attempt]); // a log ends with its job; another attempt writes on
  const found = lines.with(words);
  const shown = heldAt === undefined ? found : found.filter(({ line }) => line.seq <= heldAt);
  const scroller = useRef<HTMLDivElement>(null);
  const isFollowing = following && heldAt === undefined;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && isFollowing) element.scrollTop = element.scrollHeight;
  }, [shown.length, isFollowing]);
  const onScroll = () => {
    const element = scroller.current;
    if (element && heldAt === undefined) follow(element.scrollHeight - element.scrollTop - element.clientHeight < 2 * lineHeight);
  };
  const names = [...new Set(job.operators.map(({ name }) => name))];
  return (
    <div class="logs">
      <div class="log-tools">
        <label class="search"><Icon name="search" /><input type="search" aria-label="Search the log" placeholder="Search" value={words} onInput={(event) => setWords(event.currentTarget.value)} /></label>
        <label>Level <select aria-label="Level" value={level} onChange={(event) => setLevel(event.currentTarget.value)}>{levels.map((name) => <option key={name} value={name}>{name === "debug" ? "all" : name === "error" ? "errors" : `${name} and up`}</option>)}</select></label>
        <label>Operator <select aria-label="Operator" value={operator} onChange={(event) => onOperator(event.currentTarget.value)}><option value="">all</option>{names.map((name) => <option key={name} value={name}>{plainName(name)}</option>)}</select></label>
        <span class="muted" role="status">{plural(shown.length, "line")}{heldAt === undefined || found.length === shown.length ? "" : `, ${found.length - shown.length} new`}</span>
        <button type="button" class="button" aria-pressed={heldAt !== undefined} onClick={() => { hold(heldAt === undefined ? lines.lastSeq : undefined); follow(true); }}>{heldAt === undefined ? "Pause" : "Resume"}</button>
        {isFollowing || heldAt !== undefined ? null : <button type="button" class="button" onClick={() => follow(true)}>Follow</button>}
      </div>
      {error === "" ? null : <p class="tone-bad">{error}</p>}
      <div class="log-lines" ref={scroller} onScroll={onScroll} role="log" aria-label="Log" aria-live="off" tabIndex={0}>
        {shown.length === 0 ? <p class="muted log-empty">{words === "" ? "Nothing was logged." : "No line has these words."}</p> : (
          <VirtualList count={shown.length} rowHeight={lineHeight} scroller={scroller} row={(index, top) => {
            const { key, line, text, goesOn } = shown[index]!;
            return (
              <div key={key} class={`log-line level-${levels.includes(line.level) ? line.level : "info"}`} style={{ top: `${top}px` }}>
                <span class="log-time" title={showTime(line.time)}>{goesOn ? "" : showClock(line.time)}</span>
                <span class="log-level">{goesOn ? "" : plainName(line.level)}</span>
                <span class="log-who">{goesOn || line.operator === "" ? "" : <bdi>{plainName(line.operator)}[{line.index}]</bdi>}</span>
                <bdi class="log-text">{plain(text, 4_000)}</bdi>
              </div>
            );
          }} />
        )}
      </div>
    </div>
  );
}
