import { isDenied, isTrouble, messageOf } from "../../clients/faults";
import { type Owner, ownerOf } from "../../clients/gitlab/owner";
import { getVariable } from "../../clients/gitlab/projects/variables";
import { accessLevels } from "../../clients/gitlab/users/access";
import { ApiError, NotFound, StrangeAnswer } from "../../clients/http";
import type { Servers } from "../../clients/servers";
import type { Consumer, VariableTarget } from "../../contract/types/places";
import type { Members, ReadablePlace } from "../readers";
import type { ServedKind, Value } from "../serving";
import { variable as declared } from "./declared";
import { variableFaults } from "./existing";
import { type Identity, refusedFor, writeVariable } from "./write";

/** CI/CD variables, over GitLab's API. */
export const servedVariable: ServedKind<VariableTarget> = {
  look: async (place, at) => ({ value: (await find(identityOf(place), at)).value }),
  write,
  faults: (targets, _around, at) => variableFaults(targets, at),
  readers,
};

function identityOf({ project, group, key = "", environmentScope: scope = "*" }: Consumer | VariableTarget): Identity {
  return { owner: ownerOf({ project, group }), key, scope };
}

function find({ owner, key, scope }: Identity, at: Servers) {
  return getVariable(at.gitlab(), owner, key, scope);
}

/** Setting may be repeated: where the answer was lost it is looked at, and set once more unless it shows the value. */
async function write(place: Consumer, { token: value }: Value, at: Servers): Promise<void> {
  const one = identityOf(place);
  const fails = (error: unknown): never => {
    throw error;
  };
  const again = async (error: unknown) => {
    // One that is not there is made by its own step alone.
    if (error instanceof NotFound) {
      if (place.unmade !== undefined) throw new Error(place.unmade, { cause: error });
      throw error;
    }
    const found = await find(one, at);
    return found.value === value ? found : writeVariable(at.gitlab(), one, { value }, fails);
  };
  try {
    await writeVariable(at.gitlab(), one, { value }, again);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new Error(await refusedFor(error, one, () => at.gitlab()), { cause: error });
  }
}

async function readers(target: VariableTarget, at: Servers, members: Members): Promise<ReadablePlace> {
  const { owner } = identityOf(target);
  const least = owner.group === undefined ? accessLevels.maintainer : accessLevels.owner;
  const [found, able] = await Promise.all([attributes(target, at), members.able(owner, least)]);
  return {
    place: declared.of(target).title,
    can: found.hidden ? "change it, and read it in a job" : "read and change it",
    attributes: found.attributes,
    readers: able.readers,
    ...(able.unnamed === undefined ? {} : { unnamed: able.unnamed }),
    untold: [...able.untold, ...found.untold, throughJobs(owner, found.protected)],
  };
}

async function attributes(target: VariableTarget, at: Servers) {
  try {
    // The value that comes with it is not looked at.
    const { hidden, masked, ...found } = await find(identityOf(target), at);
    const flags = { hidden, masked: masked && !hidden, protected: found.protected, unprotected: !found.protected };
    const attributes = Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [name] : []));
    return { hidden, protected: found.protected, attributes, untold: [] };
  } catch (error) {
    if (!isDenied(error) && !isTrouble(error) && !(error instanceof StrangeAnswer)) throw error;
    const untold = [`It cannot be looked at: ${messageOf(error)}.`];
    return { hidden: false, protected: false, attributes: [], untold };
  }
}

function throughJobs(owner: Owner, isProtected: boolean): string {
  const refs = isProtected ? "a protected branch or tag" : "any branch";
  const where = owner.project === undefined ? "a project below" : "the project";
  return `Whoever may change a job of ${where} and run it on ${refs} can print it (Developers by default, on protected branches Maintainers).`;
}
