/**
 * The shapes that the server and the page share (the API's words).
 *
 * @typedef {{id: string, name: string, initials: string}} Person
 * @typedef {{holder: Person, locked_at: string | null, expires_at: string | null, branch: string | null,
 *   fence: number | null, arbiter: string | null}} Lease
 * @typedef {"backlog" | "planning" | "in_progress" | "in_review" | "done"} State
 * @typedef {{ref: string, key: string, source: string, kind: string, project: string, title: string,
 *   state: State, native_state: string, here_only: boolean, cancelled: boolean, priority: number, points: number | null,
 *   labels: string[], iteration: string | null, assignee: Person | null, lease: Lease | null,
 *   blocked: null | {by: {ref: string, key: string}[], reason: string | null},
 *   progress: null | {done: number, total: number}, parent: string | null, epic: string | null,
 *   twin: null | {ref: string, key: string, source: string, differs: string[]}, folds_into: string | null,
 *   rank: string | null, created_at: string, updated_at: string, url: string}} Card
 * @typedef {{state: State, name: string, limit: number | null}} ColumnHead
 * @typedef {{ref: string, key: string, title: string, source: string, folds_into: string | null}} Epic
 * @typedef {{name: string, type: string, label: string, ok_at: string | null, error: string | null, syncing: boolean,
 *   waits_until: string | null, next_at: string | null, paused: boolean}} Source
 * @typedef {{ref: string, key: string, source: string, state: State | null, fields: string[], remarks: boolean,
 *   at: string, by: string, tries: number, error: string | null}} Waiting a write that its tracker has not taken yet
 * @typedef {{arbiter: string | null, lock_hours: number, warn_minutes: number}} Claims which sort of arbiter decides
 * @typedef {{epoch: string, seq: number, whole: boolean, now: string, title: string, me: Person | null,
 *   claims: Claims, waiting: Waiting[], is_demo: boolean, columns: ColumnHead[], cards: Card[], gone: string[], epics: Epic[],
 *   sources: Source[], total: number}} BoardAnswer
 * @typedef {{ref: string, key: string, title: string | null, state: State | null}} Near
 * @typedef {{id: string, author: Person, body: string, body_html: string, created_at: string}} Remark
 * @typedef {{title: string, done: boolean, position: number, ref: string | null, key: string | null,
 *   native_state: string | null, depth: number}} Step
 * @typedef {{field: string, here: unknown, there: unknown}} Difference
 * @typedef {Near & {kind: string, relation: string, tracker: string}} Linked
 *   `relation` says what this item is to the other: `blocked by`
 * @typedef {Omit<Card, "twin"> & {body: string, body_html: string, acceptance_criteria: string,
 *   acceptance_criteria_html: string, tasks: Step[], comments: Remark[], parent_item: Near | null,
 *   children: Near[], blocked_by: Near[], blocks: Near[], values: Record<string, any>,
 *   can: {edit: string[], comment: boolean, delete: boolean, move: boolean, steps: boolean}, native_kind: string,
 *   native_id: string, version: string | null, links: Linked[],
 *   twin: null | {ref: string, key: string, source: string, url: string, differs: Difference[]}}} Item
 * @typedef {{state: State, name: string, native_state: string | null, allowed: boolean,
 *   reason: string | null, note: string | null}} Move where to; `note` says what is different about going there
 * @typedef {{name: string, label: string, type: string, required: boolean, values: string[],
 *   many: boolean}} FormField
 * @typedef {{tracker: string, kind: string, kinds: string[], project: string | null,
 *   projects: {id: string, name: string}[], fields: FormField[]}} Form
 * @typedef {{seq: number, kind: string, ref: string | null, data: any}} News
 */
export {};
