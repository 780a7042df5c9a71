// SPDX-License-Identifier: GPL-2.0-or-later
import { describe } from "../lib/shapes";
export default function about(n: number): string { return `about ${describe({ area: n })} \u{1F600} ${import.meta.url.length > 0}`; }
