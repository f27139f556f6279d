import type { MessageEvent, Step, StepEvent, Story } from "./report";
import type { ResourceState } from "./state/deployment";
import { stackType, typeOf } from "./urn";
import { redact } from "./values";

// In the CLI's shapes: a preview is one document, anything else one event a line.

const line = (sequence: number, event: object): string =>
  `${JSON.stringify({ sequence, timestamp: Math.floor(Date.now() / 1000), ...event })}\n`;

/** How a run begins. */
export const jsonTitle = ({ operation: { preview }, config }: Story): string =>
  preview ? "" : line(0, { preludeEvent: { config } });

/** What is shown of an event as soon as it happens. */
export function jsonLine(event: StepEvent | MessageEvent, { operation, events: { length } }: Story): string {
  if (operation.preview) return "";
  if (event.at === "message") return line(length, { diagnosticEvent: { ...diagnosticOf(event), color: "never" } });
  const metadata = metadataOf(event.step);
  if (event.at === "begin") return line(length, { resourcePreEvent: { metadata } });
  if (event.at === "fail") return line(length, { resOpFailedEvent: { metadata, status: 0, steps: 0 } });
  return line(length, { resOutputsEvent: { metadata } });
}

/** How a run ends. */
export function jsonClosing({ operation, config, events, counts, seconds }: Story, failed: boolean): string {
  if (!operation.preview) {
    const ended = { durationSeconds: Math.round(seconds), result: failed ? "failed" : "succeeded" };
    const summaryEvent = { maybeCorrupt: false, ...ended, resourceChanges: counts, PolicyPacks: {}, isPreview: false };
    return line(events.length + 1, { summaryEvent }) + line(events.length + 2, { cancelEvent: {} });
  }
  const steps = events.flatMap((event) => {
    if (event.at === "message" || event.at === "begin" || event.at === "outputs") return [];
    const { op, urn, provider, old: oldState, new: newState, ...rest } = metadataOf(event.step);
    // What stays the same is only counted, and a replacement is one step here.
    if (/-replace/.test(op) || (op === "same" && typeOf(urn) !== stackType)) return [];
    const { diffs: diffReasons, keys: replaceReasons, detailedDiff } = rest;
    return { op, urn, provider, oldState, newState, diffReasons, replaceReasons, detailedDiff };
  });
  const said = events.flatMap((event) => (event.at === "message" && !event.ephemeral ? diagnosticOf(event) : []));
  const diagnostics = said.length > 0 ? said : undefined;
  const shownConfig = Object.keys(config).length > 0 ? config : undefined;
  const document = {
    config: shownConfig,
    steps,
    diagnostics,
    duration: Math.round(seconds * 1e9),
    changeSummary: counts,
  };
  return `${JSON.stringify(document, undefined, 4)}\n`;
}

const diagnosticOf = ({ severity, text, urn, ephemeral }: MessageEvent) => ({
  urn: urn || undefined,
  prefix: severity === "info" ? "" : `${severity}: `,
  message: `${text}\n`,
  severity,
  ephemeral: ephemeral || undefined,
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
