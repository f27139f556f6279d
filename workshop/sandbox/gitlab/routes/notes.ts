import type { Context } from "hono";
import { roles } from "../../world";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, idOf, type Part, segment } from "../answers/part";
import { badRequest, forbidden, notFound, Refusal } from "../answers/refusal";
import type { Env } from "../caller";
import type { Issue, MergeRequest, Note } from "../records";

/** What can be commented on. */
export interface Noteable<T extends Issue | MergeRequest> {
  readonly type: "Issue" | "MergeRequest";
  /** The one that the path names, when the caller may see it. */
  find(context: Context<Env>): T;
  /** Close or reopen it. */
  turn(part: Part, one: T, event: "close" | "reopen", userId: number): void;
}

/** The notes of issues or merge requests. */
export function noteRoutes<T extends Issue | MergeRequest>(part: Part, base: string, noteable: Noteable<T>): void {
  const { app, render, state } = part;
  const { find, type } = noteable;
  const word = type === "Issue" ? "issue" : "merge request";

  /** GitLab carries out lines such as "/close" and stores what is left, of a new note and of an edited one. */
  const carryOut = (one: T, body: string, userId: number): string => {
    if (body.trim() === "") throw badRequest(`Note {:note=>["can't be blank"]}`);
    const lines = body.split("\n");
    const commands = lines.filter((line) => /^\/(close|reopen)\s*$/.test(line));
    for (const command of commands) {
      noteable.turn(part, one, command.trim() === "/close" ? "close" : "reopen", userId);
    }
    const text = lines
      .filter((line) => !commands.includes(line))
      .join("\n")
      .trim();
    if (text === "") {
      const event = commands.at(-1)?.trim().slice(1);
      throw new Refusal(202, {
        commands_changes: { state_event: event },
        summary: [event === "close" ? `Closed this ${word}.` : `Reopened this ${word}.`],
      });
    }
    return text;
  };

  app.get(`${base}/:iid/notes`, async (context) => {
    const one = find(context);
    const parameters = await Parameters.of(context);
    const descending = (parameters.oneOf("sort", ["asc", "desc"]) ?? "desc") === "desc";
    const filter = parameters.oneOf("activity_filter", ["all_notes", "only_comments", "only_activity"]) ?? "all_notes";
    parameters.check();
    const notes = one.notes.filter(({ system }) => filter === "all_notes" || system === (filter === "only_activity"));
    const rows = descending ? notes.reverse() : notes;
    return page(context, parameters, rows, (note) => render.note(note, one, type));
  });

  app.get(`${base}/:iid/notes/:note_id`, (context) => {
    const one = find(context);
    return context.json(render.note(noteIn(one, context), one, type));
  });

  app.post(`${base}/:iid/notes`, async (context) => {
    const one = find(context);
    const parameters = await Parameters.of(context);
    const body = parameters.required("body");
    const internal = parameters.boolean("internal") ?? false;
    parameters.check();
    const authorId = context.get("caller").user.id;
    const text = carryOut(one, body, authorId);
    const now = state.stamp();
    const note: Note = {
      id: state.nextId("note", 9001),
      body: text,
      authorId,
      internal,
      system: false,
      createdAt: now,
      updatedAt: now,
    };
    one.notes.push(note);
    one.updatedAt = now;
    return context.json(render.note(note, one, type), 201);
  });

  app.put(`${base}/:iid/notes/:note_id`, async (context) => {
    const one = find(context);
    const note = noteIn(one, context);
    const userId = context.get("caller").user.id;
    if (note.authorId !== userId) throw forbidden();
    const parameters = await Parameters.of(context);
    const body = parameters.string("body");
    if (body !== undefined) note.body = carryOut(one, body, userId);
    note.updatedAt = state.stamp();
    return context.json(render.note(note, one, type));
  });

  app.delete(`${base}/:iid/notes/:note_id`, (context) => {
    const one = find(context);
    const note = noteIn(one, context);
    const access = accessOf(part, context);
    const level = access.level(access.project(segment(context, "id")));
    if (note.authorId !== access.caller.user.id && level < roles.maintainer) throw forbidden();
    one.notes.splice(one.notes.indexOf(note), 1);
    return context.body(null, 204);
  });
}

function noteIn(one: Issue | MergeRequest, context: Context<Env>): Note {
  const note = one.notes.find(({ id }) => id === idOf(context, "note_id", "Note"));
  if (!note) throw notFound("Note");
  return note;
}
