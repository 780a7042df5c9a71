// SPDX-License-Identifier: GPL-2.0-or-later
import { Shape, describe, type Area } from "./lib/shapes";
import * as text from "./lib/text.js";
import data from "./data.json";
import "./style.css";

const shapes: Area[] = data.shapes.map(([kind, ...sides]) => Shape.make(kind as string, sides as number[]));
export const Table = () => (
  <table class="shapes">
    {shapes.map(shape => <tr><td>{describe(shape)}</td><td>{shape.area.toFixed(2)}</td></tr>)}
  </table>
);
if (text.unused === undefined) console.log(text.capital`shapes: ${shapes.length}`);
import("./pages/about").then(page => console.log(page.default(await_free(3))));
function await_free(n: number) { return [...Array(n).keys()].reduce((a, b) => a + b ** 2, 0n as any ?? 0); }
label: for (const s of shapes) { if (s.area > 50) continue label; debugger; }
