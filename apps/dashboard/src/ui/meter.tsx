// How much of something is used, as a bar with its words.

import { showPercent } from "../format.ts";

export function Meter({ label, ratio, text }: { readonly label: string; readonly ratio: number; readonly text: string }) {
  const tone = ratio > 0.92 ? "bad" : ratio > 0.8 ? "warn" : "good";
  return (
    <div class="meter">
      <div class="meter-words"><span>{label}</span><span class="number">{text}</span></div>
      <div class={`bar tone-${tone}`} role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(ratio * 100)} aria-valuetext={`${showPercent(ratio)}, ${text}`}>
        <i style={{ width: showPercent(ratio).replace(" ", "") }} />
      </div>
    </div>
  );
}
