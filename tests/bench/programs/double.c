/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Double arithmetic: five bodies under gravity, with divisions and square roots. */
#include <math.h>
#include <string.h>
#include "bench.h"

enum { BODIES = 5 };

struct body {
    double x, y, z;
    double vx, vy, vz;
    double mass;
};

static void step(struct body *b, double dt)
{
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++) {
            double dx = b[i].x - b[j].x, dy = b[i].y - b[j].y, dz = b[i].z - b[j].z;
            double d2 = dx * dx + dy * dy + dz * dz + 0.01;
            double pull = dt / (d2 * sqrt(d2));

            b[i].vx -= dx * b[j].mass * pull;
            b[i].vy -= dy * b[j].mass * pull;
            b[i].vz -= dz * b[j].mass * pull;
            b[j].vx += dx * b[i].mass * pull;
            b[j].vy += dy * b[i].mass * pull;
            b[j].vz += dz * b[i].mass * pull;
        }
    for (int i = 0; i < BODIES; i++) {
        b[i].x += dt * b[i].vx;
        b[i].y += dt * b[i].vy;
        b[i].z += dt * b[i].vz;
    }
}

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 100000);
    struct body bodies[BODIES];
    double energy = 0;
    uint64_t bits;

    for (int i = 0; i < BODIES; i++)
        bodies[i] = (struct body){i * 1.5, i * i * 0.25, 3.0 - i, 0.1 * i, 0.2, -0.1 * i, 1.0 + i};
    for (long r = 0; r < rounds; r++)
        step(bodies, 0.001);
    for (int i = 0; i < BODIES; i++)
        energy += bodies[i].mass * (bodies[i].vx * bodies[i].vx + bodies[i].vy * bodies[i].vy);
    memcpy(&bits, &energy, sizeof bits);
    return bench_done(bits);
}
