// SPDX-License-Identifier: GPL-2.0-or-later
const { join } = require("node:path");
exports.where = join(__dirname, "x");
exports.sleep = async ms => { for await (const _ of [ms]) await new Promise(r => setTimeout(r, _)); };
