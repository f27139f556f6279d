import {
  PartialFailure,
  type Properties,
  type Provider,
  type Resource,
  unknown,
} from "../../../../providers/host/provider";

const safe: Resource = {
  check: (inputs) => (inputs.label === "forbidden" ? [{ property: "label", reason: "is forbidden" }] : []),
  defaults: (inputs) => ({ size: 3, ...inputs }),
  async create(inputs, { log, name, signal }) {
    if (inputs.label === "fails") {
      throw new Error(`Opening "${String(inputs.label)}": ${String(inputs.code)} was refused.`);
    }
    if (inputs.label === "half") {
      throw new PartialFailure(["the lock jams", `it was set to ${String(inputs.code)}`], "half-1", {
        ...inputs,
        key: "made-in-create",
        reasons: "made-in-create jams",
      });
    }
    if (inputs.label === "waits") {
      await new Promise<void>((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(signal.reason);
        });
      });
    }
    log.status(`closing ${name}`);
    log.warn(`${name} holds ${String(inputs.code)}`);
    return { id: `safe/${name}`, outputs: { ...inputs, key: "minted-value", serial: 7, note: `key minted-value` } };
  },
  previewCreate: async (inputs) => ({ ...inputs, key: unknown, serial: unknown }),
  async update(before, inputs) {
    return { ...before.outputs, ...inputs };
  },
  async read(before) {
    if (before.id === "gone") {
      return undefined;
    }
    const inputs: Properties = { label: "read back", code: "remembered-code", ...before.inputs };
    return { id: before.id, inputs, outputs: { ...inputs, key: "read-value", serial: 8 } };
  },
  async delete(before) {
    if (before.id === "stuck") {
      throw new Error(`Deleting "${before.id}": it is stuck on ${String(before.outputs.key)}.`);
    }
  },
};

const plain: Resource = {
  create: async (inputs) => ({ id: "plain", outputs: inputs }),
};

const text = { type: "string" } as const;

/** A provider that only the host's tests use. */
export const provider: Provider = {
  schema: {
    name: "sample",
    version: "1.2.3",
    resources: {
      "sample:index:Safe": {
        properties: {
          label: text,
          code: text,
          size: { type: "integer" },
          owner: text,
          shelves: { type: "array", items: { $ref: "#/types/sample:index:Shelf" } },
          tags: { type: "object", additionalProperties: text },
          key: { ...text, secret: true },
          serial: { type: "integer" },
          note: text,
        },
        required: ["label", "key"],
        inputProperties: {
          label: text,
          code: text,
          size: { type: "integer" },
          owner: { ...text, willReplaceOnChanges: true, default: "nobody" },
          shelves: { type: "array", items: { $ref: "#/types/sample:index:Shelf" } },
          tags: { type: "object", additionalProperties: text },
        },
        requiredInputs: ["label"],
      },
      "sample:index:Broken": {
        properties: { label: { $ref: "#/types/sample:index:Missing" } },
        inputProperties: { label: { $ref: "#/types/sample:index:Missing" } },
      },
      "sample:index:Plain": {
        properties: { label: text, made: text },
        inputProperties: { label: text },
      },
    },
    types: {
      "sample:index:Shelf": {
        type: "object",
        properties: { name: text, pin: { ...text, secret: true } },
        required: ["name"],
      },
    },
    functions: {
      "sample:index:whisper": {
        inputs: { type: "object", properties: { word: text } },
        outputs: { type: "object", properties: { heard: { ...text, secret: true }, length: { type: "integer" } } },
      },
    },
  },
  resources: { "sample:index:Safe": safe, "sample:index:Plain": plain, "sample:index:Broken": plain },
  functions: {
    "sample:index:whisper": async ({ word }) => ({ heard: word, length: String(word).length }),
  },
};
