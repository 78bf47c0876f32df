// Small pictures, drawn with the text's colour. All are decoration: a word stands beside them.

const paths: Readonly<Record<string, string>> = {
  running: "M5 3.5v9l7-4.5z",
  completed: "M3 8.5l3.2 3.2L13 5",
  failed: "M4.5 4.5l7 7m0-7l-7 7",
  stopped: "M4.5 4.5h7v7h-7z",
  waiting: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 3v3l2 1.500",
  search: "M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zm3.6-1.4L14 14",
  copy: "M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8z",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zm0-3.5v1M8 13.500v1M1.500 8h1m11 0h1M3.400 3.400l.7.7m7.800 7.800l.7.7m0-9.200l-.7.7m-7.800 7.800l-.7.7",
  moon: "M13 9.500A5.500 5.500 0 0 1 6.500 3a5.500 5.500 0 1 0 6.500 6.500z",
  system: "M2 3h12v8H2zm4 11h4m-2-3v3",
  up: "M8 12V4m-3.500 3.500L8 4l3.500 3.500",
  down: "M8 4v8m-3.500-3.500L8 12l3.500-3.500",
  back: "M10 3L5 8l5 5",
  close: "M4 4l8 8m0-8l-8 8",
  plus: "M8 3.500v9M3.500 8h9",
  minus: "M3.500 8h9",
  fit: "M2.500 6V2.500H6M10 2.500h3.500V6m0 4v3.500H10m-4 0H2.500V10",
  warning: "M8 2.500l6 10.500H2zM8 6.500v3m0 1.700v.3",
};

export function Icon({ name }: { readonly name: string }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[name] ?? ""} class={name === "running" ? "filled" : ""} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M9 22c-1.500-8 4-14 15-14 0 10-5.500 16-15 14zm0 0l8-8" />
    </svg>
  );
}
