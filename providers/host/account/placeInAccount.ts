import { isUnmade, unmadeId } from "../../../ground/unmade";
import type { Before, Context, Properties, Resource } from "../provider";
import { isInAccount } from "./account";

/**
 * A place that holds an account's token, such as a variable or a field of an item. As a child of an `Account` it never ends
 * the run: what could not be stored is told as a warning, the outputs say what is there, and the account's proof, which
 * looks at all places, makes it the fault of that account. An empty value there means that an earlier step failed: what is
 * there is left as it is. Anywhere else it is the resource as it is.
 *
 * @param secret - the input that holds the token.
 */
export function placeInAccount<I extends object, O extends object>(
  secret: string,
  resource: Resource<I, O>,
): Resource<I, O> {
  const secretOf = (properties: object) => (properties as Properties)[secret];
  const isLeft = (inputs: object) => secretOf(inputs) === "";
  // What is there counts, not what was declared when it could not be stored: engines remember that all the same.
  const asFound = (before: Before<I, O>, inputs: I): Before<I, O> => {
    if (secretOf(before.outputs) === undefined) return before;
    const names = new Set([...Object.keys(before.inputs), ...Object.keys(inputs)]);
    const there = Object.entries(before.outputs).filter(([name]) => names.has(name));
    return { ...before, inputs: Object.fromEntries(there) as I };
  };
  return {
    check: (inputs, context) => resource.check?.(inputs, context) ?? [],
    defaults: (inputs) => resource.defaults?.(inputs) ?? inputs,
    diff: (before, inputs, context) => {
      const plain = (from: Before<I, O>) => resource.diff?.(from, inputs, context) ?? { changes: {} };
      if (!isInAccount(context?.urn)) return plain(before);
      if (isLeft(inputs)) return { changes: {} };
      return isUnmade(before.id) ? { changes: { [secret]: "update-replace" } } : plain(asFound(before, inputs));
    },
    create: async (inputs, context) => {
      const make = () => resource.create(inputs, context);
      if (!isInAccount(context.urn)) return make();
      const left = (why?: string) => ({
        id: unmadeId(context.name, why),
        outputs: { ...inputs, [secret]: "" } as unknown as O,
      });
      const value = secretOf(inputs);
      const plain = (why: string) => (typeof value === "string" ? why.replaceAll(value, "[secret]") : why);
      return isLeft(inputs) ? left() : warned(context, (why) => left(plain(why)), make);
    },
    ...previews(resource),
    update: async (before, inputs, context) => {
      const change = (from: Before<I, O>) => {
        if (resource.update === undefined) throw new Error(`Updating "${before.id}": it cannot be changed in place.`);
        return resource.update(from, inputs, context);
      };
      if (!isInAccount(context.urn)) return change(before);
      return warned(
        context,
        () => before.outputs,
        () => change(asFound(before, inputs)),
      );
    },
    read: async (before, context) =>
      isUnmade(before.id) ? (before as Before<I, O>) : resource.read?.(before, context),
    delete: async (before, context) => {
      if (!isUnmade(before.id)) await resource.delete?.(before, context);
    },
  };
}

/** As the resource's; where it has none, the host knows what to show. */
function previews<I extends object, O extends object>(resource: Resource<I, O>): Partial<Resource<I, O>> {
  return {
    ...(resource.previewCreate === undefined ? {} : { previewCreate: resource.previewCreate.bind(resource) }),
    ...(resource.previewUpdate === undefined ? {} : { previewUpdate: resource.previewUpdate.bind(resource) }),
  };
}

async function warned<T>(context: Context, otherwise: (why: string) => T, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (context.signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    context.log.warn(why);
    return otherwise(why);
  }
}
