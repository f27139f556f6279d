import type * as protocol from "@pulumi/pulumi/proto/provider_pb";
import {
  CheckFailure as CheckFailureMessage,
  CheckResponse,
  CreateResponse,
  DiffResponse,
  InvokeResponse,
  PropertyDiff,
  ReadResponse,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { ResourceSchema } from "../../contract/form/package";
import { checkInputs, withDefaults } from "./checks";
import { diffInputs, isInputChange, topOf, withoutIgnored } from "./diff";
import {
  type Before,
  type CheckFailure,
  type Context,
  type Properties,
  type PropertyChange,
  type Provider,
  type Resource,
  unknown,
} from "./provider";
import type { Secrets } from "./secrets";
import { type Description, decode, encode, learnSecrets } from "./values";

const kinds: Readonly<Record<PropertyChange, PropertyDiff.Kind>> = {
  add: PropertyDiff.Kind.ADD,
  "add-replace": PropertyDiff.Kind.ADD_REPLACE,
  delete: PropertyDiff.Kind.DELETE,
  "delete-replace": PropertyDiff.Kind.DELETE_REPLACE,
  update: PropertyDiff.Kind.UPDATE,
  "update-replace": PropertyDiff.Kind.UPDATE_REPLACE,
};

/** One call about one resource: its secrets, and what the handler is told. */
export interface Call {
  readonly secrets: Secrets;
  readonly context: Context;
}

/** What a provider's resources and functions do, between the engine's messages and plain values. */
export class Operations {
  readonly #provider: Provider;

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  /** How a resource's outputs are described, for an error that carries some. */
  outputs(urn: string): Description {
    return this.#outputs(this.#find(urn).schema);
  }

  /** Inputs against the schema and the resource's own rules, completed with defaults. */
  check(request: protocol.CheckRequest, { secrets, context }: Call): CheckResponse {
    const { resource, schema } = this.#find(context.urn);
    decode(request.getOlds(), secrets);
    const given = withDefaults(decode(request.getNews(), secrets), schema);
    const description = this.#inputs(schema);
    learnSecrets(given, description, secrets);
    const failures = resource.isStopped?.(given) === true ? [] : this.#faults(given, resource, schema, context);
    const inputs = failures.length > 0 ? given : (resource.defaults?.(given) ?? given);
    const response = new CheckResponse();
    response.setInputs(encode(inputs, description, secrets));
    response.setFailuresList(failures.map((failure) => failureMessage(failure, secrets)));
    return response;
  }

  /** A handler may rely on what the schema says, so it looks only at inputs that fit it. */
  #faults(
    given: Properties,
    resource: Resource<Properties, Properties>,
    schema: ResourceSchema,
    context: Context,
  ): readonly CheckFailure[] {
    const wrong = checkInputs(given, schema, this.#provider.schema.types);
    return wrong.length > 0 ? wrong : (resource.check?.(given, context) ?? []);
  }

  /** What an update or a replacement would change. */
  diff(request: protocol.DiffRequest, { secrets, context }: Call): DiffResponse {
    const { resource, schema } = this.#find(context.urn);
    const before = this.#before(request.getId(), request.getOldInputs(), request.getOlds(), schema, secrets);
    const inputs = decode(request.getNews(), secrets);
    const found =
      resource.diff?.(before, inputs, context) ??
      diffInputs(before.inputs, inputs, schema, this.#provider.schema.types);
    const all = { ...found, changes: { ...found.changes, ...resource.undone?.(before, inputs) } };
    const { changes, deleteBeforeReplace } = withoutIgnored(all, request.getIgnorechangesList());
    const paths = Object.keys(changes);
    const response = new DiffResponse();
    response.setChanges(paths.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE);
    response.setHasdetaileddiff(true);
    response.setDiffsList([...new Set(paths.map(topOf))]);
    response.setDeletebeforereplace(deleteBeforeReplace ?? false);
    for (const [path, change] of Object.entries(changes)) {
      const detail = new PropertyDiff();
      detail.setKind(kinds[change]);
      detail.setInputdiff(isInputChange(path, before, inputs));
      response.getDetaileddiffMap().set(path, detail);
    }
    response.setReplacesList([
      ...new Set(
        Object.entries(changes).flatMap(([path, change]) => (change.endsWith("-replace") ? [topOf(path)] : [])),
      ),
    ]);
    response.setStablesList(stables(schema));
    return response;
  }

  /** Makes it; in a preview, what it would come to. */
  async create(request: protocol.CreateRequest, { secrets, context }: Call): Promise<CreateResponse> {
    const { resource, schema } = this.#find(context.urn);
    const inputs = decode(request.getProperties(), secrets);
    const response = new CreateResponse();
    if (request.getPreview()) {
      const outputs = (await resource.previewCreate?.(inputs, context)) ?? { ...unknownOutputs(schema), ...inputs };
      response.setProperties(encode(this.#named(unknown, outputs), this.#outputs(schema), secrets));
      return response;
    }
    const { id, outputs } = await resource.create(inputs, context);
    response.setId(id);
    response.setProperties(encode(this.#named(id, outputs), this.#outputs(schema), secrets));
    return response;
  }

  /** The resource as it is now, for a refresh or an import. */
  async read(request: protocol.ReadRequest, { secrets, context }: Call): Promise<ReadResponse> {
    const { resource, schema, type } = this.#find(context.urn);
    const before = this.#before(request.getId(), request.getInputs(), request.getProperties(), schema, secrets);
    const imported = Object.keys(before.outputs).length === 0;
    if (resource.read === undefined && imported) {
      throw new Error(`Importing "${before.id}": a ${type} cannot be imported, because it cannot be read back.`);
    }
    const found = resource.read === undefined ? before : await resource.read(before, context);
    const response = new ReadResponse();
    if (found === undefined) {
      // An empty id says that the resource is gone.
      return response;
    }
    response.setId(found.id);
    response.setProperties(encode(this.#named(found.id, found.outputs), this.#outputs(schema), secrets));
    response.setInputs(encode(found.inputs, this.#inputs(schema), secrets));
    return response;
  }

  /** Changes it; in a preview, what it would come to. */
  async update(request: protocol.UpdateRequest, { secrets, context }: Call): Promise<UpdateResponse> {
    const { resource, schema, type } = this.#find(context.urn);
    const before = this.#before(request.getId(), request.getOldInputs(), request.getOlds(), schema, secrets);
    const inputs = decode(request.getNews(), secrets);
    if (resource.update === undefined) {
      throw new Error(`Updating "${before.id}": a ${type} cannot be changed in place; replace it.`);
    }
    const outputs = request.getPreview()
      ? ((await resource.previewUpdate?.(before, inputs, context)) ?? { ...before.outputs, ...inputs })
      : await resource.update(before, inputs, context);
    const response = new UpdateResponse();
    response.setProperties(encode(this.#named(before.id, outputs), this.#outputs(schema), secrets));
    return response;
  }

  /** Removes it. */
  async delete(request: protocol.DeleteRequest, { secrets, context }: Call): Promise<void> {
    const { resource, schema } = this.#find(context.urn);
    const before = this.#before(request.getId(), request.getOldInputs(), request.getProperties(), schema, secrets);
    await resource.delete?.(before, context);
  }

  /** Calls a function of the package. */
  async invoke(request: protocol.InvokeRequest, { secrets, context }: Call): Promise<InvokeResponse> {
    const token = request.getTok();
    const call = this.#provider.functions?.[token];
    if (call === undefined) {
      throw new Error(`Calling "${token}": there is no such function in ${this.#provider.schema.name}.`);
    }
    const outputs = this.#provider.schema.functions?.[token]?.outputs?.properties ?? {};
    const result = await call(decode(request.getArgs(), secrets), context);
    const response = new InvokeResponse();
    response.setReturn(encode(result, { properties: outputs, types: this.#provider.schema.types }, secrets));
    return response;
  }

  #find(urn: string): { resource: Resource<Properties, Properties>; schema: ResourceSchema; type: string } {
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const resource = this.#provider.resources[type];
    const schema = this.#provider.schema.resources[type];
    if (resource === undefined || schema === undefined) {
      throw new Error(`Looking up "${type}": there is no such resource type in ${this.#provider.schema.name}.`);
    }
    // Its own inputs are what a handler is typed by; the schema check makes them so.
    return { resource: resource as Resource<Properties, Properties>, schema, type };
  }

  #before(
    id: string,
    inputs: Struct | undefined,
    outputs: Struct | undefined,
    schema: ResourceSchema,
    secrets: Secrets,
  ): Before {
    const before = { id, inputs: decode(inputs, secrets), outputs: decode(outputs, secrets) };
    learnSecrets(before.inputs, this.#inputs(schema), secrets);
    learnSecrets(before.outputs, this.#outputs(schema), secrets);
    return before;
  }

  /** Outputs as the state has them. */
  #named(id: unknown, outputs: Properties): Properties {
    return this.#provider.hasIdInOutputs === true ? { ...outputs, id } : outputs;
  }

  #inputs(schema: ResourceSchema): Description {
    return { properties: schema.inputProperties, types: this.#provider.schema.types };
  }

  #outputs(schema: ResourceSchema): Description {
    return { properties: { ...schema.inputProperties, ...schema.properties }, types: this.#provider.schema.types };
  }
}

/**
 * A fault of one input, as the engine takes it. The message names no property: the engine would print that one's value, which
 * may be a secret that nobody knows to be one, as where the property's name is misspelt. Its path stands in the reason.
 */
export function failureMessage({ property, reason }: CheckFailure, secrets: Secrets): CheckFailureMessage {
  const message = new CheckFailureMessage();
  message.setReason(secrets.scrub(`${property}: ${reason}`));
  return message;
}

function unknownOutputs(schema: ResourceSchema): Properties {
  return Object.fromEntries(Object.keys(schema.properties).map((name) => [name, unknown]));
}

/** Outputs that no update alters, since a change of theirs replaces the resource. */
function stables(schema: ResourceSchema): string[] {
  return Object.keys(schema.properties).filter((name) =>
    [schema.properties[name], schema.inputProperties[name]].some(
      (property) => property?.replaceOnChanges === true || property?.willReplaceOnChanges === true,
    ),
  );
}
