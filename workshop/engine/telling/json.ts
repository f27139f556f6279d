import type { ResourceState } from "../state/deployment";
import { stackType, typeOf } from "../urn";
import { redact } from "../values";
import type { Report, Show } from "./report";
import type { Message, Step } from "./step";

/** The CLI's JSON: a preview is one document, anything else one event a line. */
export const json: Show = {
  title: (report) => line(report, { preludeEvent: { config: report.config } }),
  step(event, report) {
    const metadata = metadataOf(event);
    if (event.at === "begin") return line(report, { resourcePreEvent: { metadata } });
    if (event.at === "fail") return line(report, { resOpFailedEvent: { metadata, status: 0, steps: 0 } });
    return line(report, { resOutputsEvent: { metadata } });
  },
  message: (message, report) => line(report, { diagnosticEvent: { ...diagnosticOf(message), color: "never" } }),
  closing(report, failed) {
    const { run, config, steps: all, messages, counts, seconds } = report;
    const ended = { durationSeconds: Math.round(seconds), result: failed ? "failed" : "succeeded" };
    const sums = { maybeCorrupt: false, ...ended, resourceChanges: counts, PolicyPacks: {}, isPreview: false };
    if (!run.preview) return line(report, { summaryEvent: sums }, 1) + line(report, { cancelEvent: {} }, 2);
    const steps = all.flatMap((event) => {
      const { op, urn, provider, old: oldState, new: newState, ...rest } = metadataOf(event);
      // What stays the same is only counted, and a replacement is one step here.
      if (/-replace/.test(op) || (op === "same" && typeOf(urn) !== stackType)) return [];
      if (event.at === "begin" || event.at === "outputs") return [];
      const { diffs: diffReasons, keys: replaceReasons, detailedDiff } = rest;
      return { op, urn, provider, oldState, newState, diffReasons, replaceReasons, detailedDiff };
    });
    const said = messages.filter(({ ephemeral }) => !ephemeral).map(diagnosticOf);
    const shown = { config: Object.keys(config).length > 0 ? config : undefined, steps, diagnostics: some(said) };
    const document = { ...shown, duration: Math.round(seconds * 1e9), changeSummary: counts };
    return `${JSON.stringify(document, undefined, 4)}\n`;
  },
};

function line({ run, steps, messages }: Report, event: object, further = 0): string {
  if (run.preview) return "";
  const sequence = steps.length + messages.length + further;
  return `${JSON.stringify({ sequence, timestamp: Math.floor(Date.now() / 1000), ...event })}\n`;
}

const some = <T>(list: readonly T[] = []) => (list.length > 0 ? list : undefined);

const diagnosticOf = ({ severity, text, urn, ephemeral }: Message) => ({
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
