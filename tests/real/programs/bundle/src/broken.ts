// SPDX-License-Identifier: GPL-2.0-or-later
import { missing } from "./lib/shapes";
import nothing from "./not-there";
const twice = 1, twice = 2;
console.log(missing, nothing, twice;
