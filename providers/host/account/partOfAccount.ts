import { isUnmade, unmadeId } from "../../../ground/unmade";
import { noteFailure } from "../failures";
import type { Before, Context, Properties, Resource } from "../provider";
import { isInAccount } from "./account";

/** What a resource that could not be made leaves for those after it. */
export interface Blank {
  /** The outputs that it would have given, blank. */
  readonly outputs: Properties;
  /** Whether its inputs come from a resource that could not be made: then there is nothing to try. @default never */
  readonly isBlank?: (inputs: Properties) => boolean;
}

/**
 * What an account's user is made of, such as the service account and its memberships. As a child of an `Account` it never
 * ends the run: what could not be made or changed is noted and told as a warning, its id or its outputs say so, the account
 * stops at it, and the next run tries again. Anywhere else it is the resource as it is.
 */
export function partOfAccount<I extends object, O extends object>(
  resource: Resource<I, O>,
  { outputs: blank, isBlank = () => false }: Blank,
): Resource<I, O> {
  const { check, defaults, diff, previewCreate, previewUpdate, update, read } = resource;
  const unmade = ({ name }: Context, inputs: I, why?: string) => ({
    id: unmadeId(name, why),
    outputs: { ...inputs, ...blank } as unknown as O,
  });
  return {
    ...(check && { check: check.bind(resource) }),
    ...(defaults && { defaults: defaults.bind(resource) }),
    ...(previewCreate && { previewCreate: previewCreate.bind(resource) }),
    ...(previewUpdate && { previewUpdate: previewUpdate.bind(resource) }),
    ...(diff && { diff: diff.bind(resource) }),
    undone: (before, inputs) => {
      const names = Object.keys(inputs);
      if (isUnmade(before.id)) return Object.fromEntries(names.slice(0, 1).map((name) => [name, "update-replace"]));
      return Object.fromEntries(names.filter((name) => isUnwritten(name, before)).map((name) => [name, "update"]));
    },
    create: async (inputs, context) => {
      if (!isInAccount(context.urn)) return resource.create(inputs, context);
      if (isBlank(inputs as Properties)) return unmade(context, inputs);
      return resource.create(inputs, context).catch((error: unknown) => {
        return unmade(context, inputs, note(error, context));
      });
    },
    ...(update && {
      update: async (before, inputs, context) => {
        const change = () => update.call(resource, before, inputs, context);
        if (!isInAccount(context.urn)) return change();
        return change().catch((error: unknown) => {
          note(error, context);
          return withoutChanged(before, inputs);
        });
      },
    }),
    ...(read && {
      read: async (before, context) =>
        isUnmade(before.id) ? (before as Before<I, O>) : read.call(resource, before, context),
    }),
    delete: async (before, context) => {
      if (!isUnmade(before.id)) await resource.delete?.(before, context);
    },
  };
}

/** What could not be written is in no output: engines remember the inputs of a step that did not fail. */
function withoutChanged<I extends object, O extends object>({ outputs }: Before<I, O>, inputs: I): O {
  const declared = inputs as Properties;
  const kept = Object.entries(outputs).filter(([name, value]) => !(name in declared) || declared[name] === value);
  return Object.fromEntries(kept) as O;
}

function isUnwritten(name: string, { outputs }: Before<object, object>): boolean {
  return (outputs as Properties)[name] === undefined;
}

function note(error: unknown, { signal, urn, log }: Context): string {
  if (signal.aborted) throw error;
  const message = error instanceof Error ? error.message : String(error);
  noteFailure(urn, message);
  log.warn(message);
  return message;
}
