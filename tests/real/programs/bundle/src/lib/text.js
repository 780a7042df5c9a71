// SPDX-License-Identifier: GPL-2.0-or-later
export const capital = (parts, ...values) =>
  String.raw(parts, ...values).replace(/\p{L}/u, c => c.toUpperCase());
export const never = () => { throw new Error("shaken off the tree"); };
export { never as default };
export * from "./other.cjs";
