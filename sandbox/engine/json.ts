import type { ChangeSummary, Kind } from "./display";
import type { Diff } from "./operations";
import type { ResourceState, Values } from "./state/deployment";
import type { Events, Step } from "./step";
import { isProviderType, nameOf, typeOf } from "./urn";
import { redact } from "./values";

/** What a recorder is told at the start. */
export interface RecorderOptions {
  readonly kind: Kind;
  readonly preview: boolean;
  readonly config: Values;
  readonly write: (text: string) => void;
}

/** Shows a run as JSON: a preview as one document, anything else as one event a line, in the CLI's shapes. */
export class Recorder implements Events {
  readonly #options: RecorderOptions;
  readonly #since = performance.now();
  readonly #steps: unknown[] = [];
  readonly #diagnostics: unknown[] = [];
  readonly #counts = new Map<string, number>();
  #sequence = 0;
  #failed = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#event({ preludeEvent: { config: options.config } });
  }

  begin(step: Step): void {
    if (!hidden(step.urn)) this.#event({ resourcePreEvent: { metadata: metadata(step, step.next) } });
  }

  end(step: Step, state: ResourceState | undefined, failed: boolean): void {
    if (hidden(step.urn)) return;
    if (failed)
      this.#event({ resOpFailedEvent: { metadata: metadata(step, state ?? step.next), status: 0, steps: 0 } });
    else this.#event({ resOutputsEvent: { metadata: metadata(step, state) } });
    const replaced = /-replace|remove-/.test(step.op);
    if (!failed && !replaced) this.#counts.set(step.op, (this.#counts.get(step.op) ?? 0) + 1);
    const { urn, op, old, diff } = step;
    const shown = op !== "same" || typeOf(urn) === "pulumi:pulumi:Stack";
    if (replaced || !shown) return;
    this.#steps.push({
      op,
      urn,
      ...(state?.provider && { provider: state.provider }),
      ...(old && { oldState: shownState(old) }),
      ...(state && { newState: shownState(state) }),
      ...((diff?.changedKeys.length ?? 0) > 0 && { diffReasons: diff?.changedKeys }),
      ...((diff?.replaceKeys.length ?? 0) > 0 && { replaceReasons: diff?.replaceKeys }),
      detailedDiff: diff?.detailed ?? null,
    });
  }

  refreshed(old: ResourceState, state: ResourceState | undefined, diff: Diff | undefined): void {
    const op = state === undefined ? "delete" : diff?.changes ? "update" : "same";
    const step: Step = { op, urn: old.urn, old, ...(diff && { diff }) };
    if (this.#options.kind === "refresh") this.end(step, state, false);
  }

  outputs(old: ResourceState | undefined, state: ResourceState): void {
    const step: Step = { op: "same", urn: state.urn, ...(old && { old }) };
    this.#event({ resOutputsEvent: { metadata: metadata(step, state) } });
  }

  message(severity: "debug" | "info" | "warning" | "error", message: string, urn?: string, ephemeral = false): void {
    if (severity === "debug") return;
    if (severity === "error") this.#failed = true;
    const prefix = severity === "info" ? "" : `${severity}: `;
    const diagnostic = { ...(urn && { urn }), prefix, message: `${message}\n`, severity };
    if (!ephemeral) this.#diagnostics.push(diagnostic);
    this.#event({ diagnosticEvent: { ...diagnostic, color: "never", ...(ephemeral && { ephemeral }) } });
  }

  /** The counts of a run that ended. */
  get changes(): ChangeSummary {
    return Object.fromEntries(this.#counts);
  }

  /** Whether the run changed, or would change, anything. */
  get changed(): boolean {
    return [...this.#counts.keys()].some((op) => op !== "same" && op !== "read");
  }

  /** Writes the document, or the last events. */
  finish(failed: boolean): void {
    const { preview, config, write } = this.#options;
    const elapsed = performance.now() - this.#since;
    if (preview) {
      const document = {
        config,
        steps: this.#steps,
        ...(this.#diagnostics.length > 0 && { diagnostics: this.#diagnostics }),
        duration: Math.round(elapsed * 1e6),
        changeSummary: this.changes,
      };
      write(`${JSON.stringify(document, undefined, 4)}\n`);
      return;
    }
    const result = failed || this.#failed ? "failed" : "succeeded";
    const seconds = Math.round(elapsed / 1000);
    this.#event({
      summaryEvent: {
        maybeCorrupt: false,
        durationSeconds: seconds,
        resourceChanges: this.changes,
        PolicyPacks: {},
        isPreview: false,
        result,
      },
    });
    this.#event({ cancelEvent: {} });
  }

  #event(event: object): void {
    if (this.#options.preview) return;
    const timestamp = Math.floor(Date.now() / 1000);
    this.#options.write(`${JSON.stringify({ sequence: this.#sequence++, timestamp, ...event })}\n`);
  }
}

const hidden = (urn: string): boolean => isProviderType(typeOf(urn)) && nameOf(urn).startsWith("default");

const shownState = (state: ResourceState): ResourceState => ({
  ...state,
  ...(state.inputs && { inputs: redact(state.inputs) as Values }),
  ...(state.outputs && { outputs: redact(state.outputs) as Values }),
});

function metadata({ op, urn, old, diff }: Step, state: ResourceState | undefined): unknown {
  const side = (found: ResourceState | undefined) =>
    found === undefined
      ? null
      : {
          type: found.type,
          urn: found.urn,
          ...(found.custom && { custom: true }),
          ...(found.delete && { delete: true }),
          id: found.id ?? "",
          parent: found.parent ?? "",
          ...(found.protect && { protect: true }),
          inputs: redact(found.inputs ?? {}),
          outputs: redact(found.outputs ?? {}),
          provider: found.provider ?? "",
          ...(found.initErrors && { initErrors: found.initErrors }),
        };
  return {
    op,
    urn,
    type: typeOf(urn),
    old: side(old),
    new: side(state),
    ...((diff?.replaceKeys.length ?? 0) > 0 && { keys: diff?.replaceKeys }),
    ...((diff?.changedKeys.length ?? 0) > 0 && { diffs: diff?.changedKeys }),
    detailedDiff:
      diff?.detailed === undefined
        ? null
        : Object.fromEntries(
            Object.entries(diff.detailed).map(([path, { kind, inputDiff }]) => [path, { diffKind: kind, inputDiff }]),
          ),
    logical: !/-replace/.test(op),
    provider: (state ?? old)?.provider ?? "",
  };
}
