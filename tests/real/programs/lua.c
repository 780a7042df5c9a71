/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a Lua file with the standard libraries. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    lua_State *lua = luaL_newstate();
    int failed;

    luaL_openlibs(lua);
    failed = luaL_dofile(lua, argc > 1 ? argv[1] : "workload.lua");
    if (failed)
        fprintf(stderr, "lua: %s\n", lua_tostring(lua, -1));
    lua_close(lua);
    return failed ? 1 : 0;
}
