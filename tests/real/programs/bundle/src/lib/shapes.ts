// SPDX-License-Identifier: GPL-2.0-or-later
export interface Area { readonly area: number; readonly name?: string }
const enum Kind { Circle = "circle", Box = "box" }
enum Corner { None, Four = 4 }

function counted<T extends { new (...args: any[]): object }>(target: T) { (target as any).made = 0; return target; }

export abstract class Shape implements Area {
  static #count = 0;
  abstract get area(): number;
  constructor(readonly name: string, protected corners = Corner.None) { Shape.#count++; }
  static make(kind: string, sides: number[]): Area {
    switch (kind) {
      case Kind.Circle: return new Circle(sides[0]);
      case Kind.Box: return new Box(...(sides as [number, number]));
    }
    throw new TypeError(`no such shape: ${kind}`);
  }
  static { globalThis.shapeCount = () => Shape.#count; }
}
@counted
class Circle extends Shape {
  constructor(private r: number) { super("circle"); }
  get area() { return Math.PI * this.r ** 2; }
}
class Box extends Shape {
  constructor(private a: number, private b: number) { super("box", Corner.Four); }
  get area() { return this.a * this.b; }
}
export const describe = (shape: Area) => shape?.name ?? "nameless";
declare global { var shapeCount: () => number }
