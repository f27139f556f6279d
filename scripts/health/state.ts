import { z } from "zod";
import { type Engine, run } from "../engine";

/** Ids of tokens by account and generation. */
export type KnownIds = ReadonlyMap<string, ReadonlyMap<string, number>>;

const outputs = z.object({ rotations: z.record(z.string(), z.unknown()) });

const known = z.object({ generation: z.string(), tokenId: z.number() });

/**
 * The tokens in use as the stack's outputs have them. Without a state the marks of the tokens tell as much, but for a
 * leftover that bears the mark of the one in use.
 *
 * @returns undefined when the outputs cannot be read here.
 */
export async function stateIds(
  engine: Engine,
  stack: string,
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Promise<KnownIds | undefined> {
  const { code, stdout } = await run(engine, ["stack", "output", "--json", "--stack", stack], { cwd, environment });
  if (code !== 0) return undefined;
  const parsed = outputs.safeParse(JSON.parse(stdout));
  if (!parsed.success) return undefined;
  const entries = Object.entries(parsed.data.rotations).flatMap(([account, state]) => {
    const one = known.safeParse(state);
    return one.success ? [[account, new Map([[one.data.generation, one.data.tokenId]])] as const] : [];
  });
  return new Map(entries);
}
