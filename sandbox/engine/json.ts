import type { Event, ReportOptions, Step, Summary } from "./report";
import type { ResourceState } from "./state/deployment";
import { stackType, typeOf } from "./urn";
import { redact } from "./values";

// In the CLI's shapes: a preview is one document, anything else one event a line.

const line = (sequence: number, event: object): string =>
  `${JSON.stringify({ sequence, timestamp: Math.floor(Date.now() / 1000), ...event })}\n`;

/** How a run begins. */
export const jsonTitle = ({ preview, config }: ReportOptions): string =>
  preview ? "" : line(0, { preludeEvent: { config } });

/** The line of an event; a preview has none. */
export function jsonLine(event: Event, { preview }: ReportOptions, sequence: number): string {
  if (preview) return "";
  if (event.at === "message") {
    const { ephemeral } = event;
    return line(sequence, { diagnosticEvent: { ...diagnosticOf(event), color: "never", ephemeral } });
  }
  const metadata = metadataOf(event.step);
  if (event.at === "begin") return line(sequence, { resourcePreEvent: { metadata } });
  if (event.at === "fail") return line(sequence, { resOpFailedEvent: { metadata, status: 0, steps: 0 } });
  return line(sequence, { resOutputsEvent: { metadata } });
}

/** How a run ends. */
export function jsonClosing(events: readonly Event[], summary: Summary, { preview, config }: ReportOptions): string {
  const { seconds, counts, failed } = summary;
  if (!preview) {
    const result = {
      durationSeconds: Math.round(seconds),
      resourceChanges: counts,
      result: failed ? "failed" : "succeeded",
    };
    const summaryEvent = { maybeCorrupt: false, ...result, PolicyPacks: {}, isPreview: false };
    return line(events.length + 1, { summaryEvent }) + line(events.length + 2, { cancelEvent: {} });
  }
  const steps = events.flatMap((event) => {
    if (event.at !== "end" && event.at !== "fail") return [];
    const { op, urn, old: oldState, new: newState, diffs, keys, detailedDiff, provider } = metadataOf(event.step);
    // What stays the same is only counted, and a replacement is one step here.
    if (/-replace/.test(op) || (op === "same" && typeOf(urn) !== stackType)) return [];
    return { op, urn, provider, oldState, newState, diffReasons: diffs, replaceReasons: keys, detailedDiff };
  });
  const diagnostics = events.flatMap((event) =>
    event.at === "message" && !event.ephemeral ? diagnosticOf(event) : [],
  );
  const said = diagnostics.length > 0 ? { diagnostics } : {};
  const document = { config, steps, ...said, duration: Math.round(seconds * 1e9), changeSummary: counts };
  return `${JSON.stringify(document, undefined, 4)}\n`;
}

const diagnosticOf = ({ severity, text, urn }: Event & { at: "message" }) => ({
  urn: urn || undefined,
  prefix: severity === "info" ? "" : `${severity}: `,
  message: `${text}\n`,
  severity,
});

function metadataOf({ op, urn, old, next, diff }: Step) {
  const shown = (state: ResourceState | undefined) =>
    state && { ...state, inputs: redact(state.inputs ?? {}), outputs: redact(state.outputs ?? {}) };
  const some = (keys: readonly string[] = []) => (keys.length > 0 ? keys : undefined);
  const detailed = Object.entries(diff?.detailed ?? {}).map(([path, { kind, inputDiff }]) => {
    return [path, { kind, diffKind: kind, inputDiff }];
  });
  return {
    op,
    urn,
    type: typeOf(urn),
    old: shown(old),
    new: shown(next),
    keys: some(diff?.replaceKeys),
    diffs: some(diff?.changedKeys),
    detailedDiff: diff?.detailed ? Object.fromEntries(detailed) : null,
    logical: !/-replace/.test(op),
    provider: (next ?? old)?.provider,
  };
}
