import type { MessageEvent, Show, Step } from "./report";
import type { ResourceState } from "./state/deployment";
import { stackType, typeOf } from "./urn";
import { redact } from "./values";

const line = (sequence: number, event: object): string =>
  `${JSON.stringify({ sequence, timestamp: Math.floor(Date.now() / 1000), ...event })}\n`;

/** The CLI's JSON: a preview is one document, anything else one event a line. */
export const json: Show = {
  title: ({ operation: { preview }, config }) => (preview ? "" : line(0, { preludeEvent: { config } })),
  line(event, { operation, events: { length } }) {
    if (operation.preview) return "";
    if (event.at === "message") return line(length, { diagnosticEvent: { ...diagnosticOf(event), color: "never" } });
    const metadata = metadataOf(event.step);
    if (event.at === "begin") return line(length, { resourcePreEvent: { metadata } });
    if (event.at === "fail") return line(length, { resOpFailedEvent: { metadata, status: 0, steps: 0 } });
    return line(length, { resOutputsEvent: { metadata } });
  },
  closing({ operation, config, events, counts, seconds }, failed) {
    if (!operation.preview) {
      const ended = { durationSeconds: Math.round(seconds), result: failed ? "failed" : "succeeded" };
      const sums = { maybeCorrupt: false, ...ended, resourceChanges: counts, PolicyPacks: {}, isPreview: false };
      return line(events.length + 1, { summaryEvent: sums }) + line(events.length + 2, { cancelEvent: {} });
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
    const shown = { config: Object.keys(config).length > 0 ? config : undefined, steps, diagnostics: some(said) };
    const document = { ...shown, duration: Math.round(seconds * 1e9), changeSummary: counts };
    return `${JSON.stringify(document, undefined, 4)}\n`;
  },
};

const some = <T>(list: readonly T[] = []) => (list.length > 0 ? list : undefined);

const diagnosticOf = ({ severity, text, urn, ephemeral }: MessageEvent) => ({
  urn: urn || undefined,
  prefix: severity === "info" ? "" : `${severity}: `,
  message: `${text}\n`,
  severity,
  ephemeral: ephemeral || undefined,
});

function metadataOf({ op, urn, old, next, diff }: Step) {
  const shown = (state?: ResourceState) =>
    state && { ...state, inputs: redact(state.inputs ?? {}), outputs: redact(state.outputs ?? {}) };
  const detailed = Object.entries(diff?.detailed ?? {}).map(([path, { kind, inputDiff }]) => {
    return [path, { kind, diffKind: kind, inputDiff }];
  });
  return {
    ...{ op, urn, type: typeOf(urn), old: shown(old), new: shown(next) },
    ...{ keys: some(diff?.replaceKeys), diffs: some(diff?.changedKeys) },
    detailedDiff: diff?.detailed ? Object.fromEntries(detailed) : null,
    logical: !/-replace/.test(op),
    provider: (next ?? old)?.provider,
  };
}
