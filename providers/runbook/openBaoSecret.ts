import { failed, messageOf } from "../../clients/faults";
import { NotFound } from "../../clients/http";
import { readSecret } from "../../clients/openbao/secrets";
import { servers } from "../../clients/servers";
import type { OpenBaoSecretInputs, OpenBaoSecretOutputs } from "../../contract/openBaoSecret";
import { secret } from "../../places/openbao/declared";
import { pathOf, writeSecret } from "../../places/openbao/write";
import { type Before, type Context, type Diff, type PropertyChange, type Resource, unknown } from "../host/provider";

/** One key of a secret that others may keep things in as well. What is left of it in OpenBao is never deleted from here. */
export const openBaoSecret: Resource<OpenBaoSecretInputs, OpenBaoSecretOutputs> = {
  diff,
  create: async (inputs, context) => ({ id: idOf(inputs), outputs: await set(inputs, context) }),
  previewCreate: async (inputs) => ({ ...inputs, version: unknown }),
  update: (_before, inputs, context) => set(inputs, context),
  previewUpdate: async (_before, inputs) => ({ ...inputs, version: unknown }),
  read,
  delete: async ({ outputs }, context) => {
    context.log.info(
      `Left in place: ${titleOf(outputs)} keeps its value. Take it out in OpenBao if it is no longer needed.`,
    );
  },
};

function diff({ inputs: old }: Before<OpenBaoSecretInputs>, inputs: OpenBaoSecretInputs): Diff {
  const changes: Record<string, PropertyChange> = {};
  for (const name of ["mount", "path", "field"] as const)
    if (old[name] !== inputs[name]) changes[name] = "update-replace";
  if (old.value !== inputs.value) changes.value = "update";
  return { changes };
}

async function set(inputs: OpenBaoSecretInputs, context: Context): Promise<OpenBaoSecretOutputs> {
  try {
    const version = await writeSecret(servers(context).openBao(), pathOf(inputs), inputs.field, inputs.value);
    return { ...inputs, version };
  } catch (error) {
    throw failed(`setting ${titleOf(inputs)}`, error);
  }
}

async function read(
  before: Before<Partial<OpenBaoSecretInputs>, Partial<OpenBaoSecretOutputs>>,
  context: Context,
): Promise<Before<OpenBaoSecretInputs, OpenBaoSecretOutputs> | undefined> {
  const names = namesOf(before.id);
  const isImport = before.inputs.path === undefined;
  try {
    // OpenBao says 403, and not 404, of what may not be seen.
    const { data, version } = await readSecret(servers(context).openBao(), pathOf(names));
    const value = data?.[names.field];
    if (typeof value !== "string") return undefined;
    const inputs = { ...names, value };
    return { id: before.id, inputs, outputs: { ...inputs, version } };
  } catch (error) {
    if (isImport || error instanceof NotFound) throw failed(`reading ${titleOf(names)}`, error);
    context.log.warn(`${titleOf(names)} cannot be read (${messageOf(error)}): what is remembered of it is kept.`);
    return before as Before<OpenBaoSecretInputs, OpenBaoSecretOutputs>;
  }
}

function titleOf({ mount, path, field }: Pick<OpenBaoSecretInputs, "mount" | "path" | "field">): string {
  return secret.title({ kind: "secret", mount, path, field });
}

function idOf({ mount, path, field }: OpenBaoSecretInputs): string {
  return `${mount}:${path}:${field}`;
}

function namesOf(id: string): Pick<OpenBaoSecretInputs, "mount" | "path" | "field"> {
  const [, mount, path, field] = /^([^:]+):([^:]+):(.+)$/.exec(id) ?? [];
  if (mount === undefined || path === undefined || field === undefined)
    throw new Error(
      `reading "${id}" from OpenBao: this is no id of a key of a secret. Write "<mount>:<path>:<key>", such as "secret:ci/inventory:token".`,
    );
  return { mount, path, field };
}
