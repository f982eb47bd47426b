/** A new item: tracker, project, kind, and the fields that project needs. (To be completed by its owner.) */

export function registerCreate() {}
