/** What came of a command. */
export class Run {
  constructor(
    readonly code: number | null,
    readonly stdout: string,
    readonly stderr: string,
  ) {}

  /** Everything that it printed. */
  get text(): string {
    return this.stdout + this.stderr;
  }

  /** The steps, in order: `create a`, `update b: key value` with the changed keys; those of the stack and its providers left out. */
  get steps(): string[] {
    const metadata = this.document
      ? this.document.steps
      : this.events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
    return metadata.filter(isOwn).map(({ op, urn, detailedDiff }) => {
      const keys = Object.keys(detailedDiff ?? {}).sort();
      return `${op} ${nameOf(urn)}${keys.length > 0 ? `: ${keys.join(" ")}` : ""}`;
    });
  }

  /** The steps that failed: `create a`. */
  get failed(): string[] {
    return this.events.flatMap(({ resOpFailedEvent: event }) =>
      event && isOwn(event.metadata) ? [`${event.metadata.op} ${nameOf(event.metadata.urn)}`] : [],
    );
  }

  /** How many steps of each kind: what the closing line shows. */
  get summary(): Record<string, number> | undefined {
    const changes = this.document
      ? this.document.changeSummary
      : this.events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges;
    return changes;
  }

  /** What the person is told: `error: …`, `warning: …`, `info: …`. */
  get messages(): string[] {
    const events = this.document
      ? (this.document.diagnostics ?? [])
      : this.events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
    return events
      .filter(({ severity, ephemeral }) => severity !== "debug" && !ephemeral)
      .map(
        ({ severity, message, urn }) =>
          `${severity}${urn ? ` ${nameOf(urn)}` : ""}: ${message.replaceAll(/<\{%.*?%\}>/g, "").trim()}`,
      );
  }

  /** What to show when a command did not come to the end that a test expects. */
  get told(): string {
    return [...this.messages, this.stderr].join("\n");
  }

  private get document(): PreviewDocument | undefined {
    try {
      const document = JSON.parse(this.stdout) as Partial<PreviewDocument>;
      return document.sequence === undefined ? { steps: [], ...document } : undefined;
    } catch {
      return undefined;
    }
  }

  private get events(): Event[] {
    return this.stdout
      .split("\n")
      .filter((line) => line.startsWith('{"'))
      .map((line) => JSON.parse(line) as Event);
  }
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type?: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

interface Diagnostic {
  readonly urn?: string;
  readonly message: string;
  readonly severity: string;
  readonly ephemeral?: boolean;
}

interface PreviewDocument {
  readonly sequence?: number;
  readonly steps: readonly Metadata[];
  readonly diagnostics?: readonly Diagnostic[];
  readonly changeSummary?: Record<string, number>;
}

interface Event {
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly resOpFailedEvent?: { readonly metadata: Metadata };
  readonly diagnosticEvent?: Diagnostic;
  readonly summaryEvent?: { readonly resourceChanges: Record<string, number> };
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function isOwn({ urn }: Metadata): boolean {
  const type = urn.split("::")[2] ?? "";
  return !/(^|\$)pulumi:(pulumi|providers):/.test(type);
}
