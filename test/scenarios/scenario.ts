import { describe, test } from "vitest";
import { engines } from "./engines";
import { World } from "./world";

/** A scenario: what a program and a sequence of commands must come to, on each engine. */
export function scenario(name: string, play: (world: World) => Promise<void>, timeout = 120_000): void {
  describe.each(engines)("$name", (engine) => {
    test(name, { timeout }, async () => {
      const world = await World.on(engine);
      try {
        await play(world);
      } finally {
        await world.end();
      }
    });
  });
}
