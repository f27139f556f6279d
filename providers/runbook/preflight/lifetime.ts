import { isDenied, messageOf } from "../../../clients/faults";
import { isGranular } from "../../../clients/gitlab/users/granular";
import { holdsToLifetime, lifetimeSetting } from "../../../clients/gitlab/users/lifetime";
import { Unauthorized } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import { days } from "../../../ground/day";
import { ownCredential } from "../account/credential";

/** What is known of how long a token may live. */
export interface Lifetime {
  readonly faults: readonly string[];
  /** Why it is not known; without a full stop. */
  readonly unknown?: string;
}

const subject = "the longest that this GitLab lets a token live";

const advice = 'a mint of more is refused, and says so: lower "rotation.lifetimeDays" then';

/** Whether the instance lets a token live for so many days. A fine-grained credential of ours is not given the right to ask. */
export async function lifetime(wanted: number, at: Servers): Promise<Lifetime> {
  try {
    if (isGranular(await ownCredential(at)))
      return { faults: [], unknown: `${subject}: no fine-grained token is used to ask; ${advice}` };
    const limit = await at.remember(subject, () => unlessDenied(lifetimeSetting(at.gitlab())));
    if (limit === "denied") return { faults: [], unknown: `${subject}: only an administrator may ask; ${advice}` };
    if (limit === undefined || wanted <= limit) return { faults: [] };
    const holds = await at.remember(`${subject}, by its license`, () => unlessDenied(holdsToLifetime(at.gitlab())));
    if (holds === false) return { faults: [] };
    if (holds !== true)
      return {
        faults: [],
        unknown: `${subject}: it is set to ${days(limit)}, and its license does not tell whether that holds; ${advice}`,
      };
    return {
      faults: [
        `its token is to live for ${days(wanted)}, and this GitLab allows ${limit} at most: lower "rotation.lifetimeDays"`,
      ],
    };
  } catch (error) {
    return { faults: [], unknown: `${subject}: ${messageOf(error)}` };
  }
}

async function unlessDenied<T>(answer: Promise<T>): Promise<T | "denied"> {
  try {
    return await answer;
  } catch (error) {
    if (isDenied(error) && !(error instanceof Unauthorized)) return "denied";
    throw error;
  }
}
