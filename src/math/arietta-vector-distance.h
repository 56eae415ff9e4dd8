/* arietta-vector-distance.h - the loops of arietta-distance.h; a part of arietta-vector-body.h. */

/* Each element's cost, and its slope in x. */
static inline __attribute__ ((always_inline)) AriettaReal
NAME (cost1) (const AriettaDistance kind,
              AriettaReal           x,
              AriettaReal           t,
              AriettaReal           beta)
{
  AriettaReal d = x - t, a = d < 0 ? -d : d, m = 1 - t * x;

  switch (kind)
    {
    case ARIETTA_SQUARED:
      return d * d;
    case ARIETTA_ABSOLUTE:
      return a;
    case ARIETTA_HUBER:
      return a < beta ? (AriettaReal) 0.5 * d * d / beta : a - (AriettaReal) 0.5 * beta;
    case ARIETTA_BINARY:
      return (x < 0 ? 0 : x) - x * t + NAME (log1p1) (NAME (exp1) (x < 0 ? x : -x));
    case ARIETTA_HINGE:
    default:
      return m < 0 ? 0 : m;
    }
}

static inline __attribute__ ((always_inline)) AriettaReal
NAME (cost_slope1) (const AriettaDistance kind,
                    AriettaReal           x,
                    AriettaReal           t,
                    AriettaReal           beta)
{
  AriettaReal d = x - t, sign = d > 0 ? 1 : d < 0 ? -1 : 0 * d;

  switch (kind)
    {
    case ARIETTA_SQUARED:
      return 2 * d;
    case ARIETTA_ABSOLUTE:
      return sign;
    case ARIETTA_HUBER:
      return (d < 0 ? -d : d) < beta ? d / beta : sign;
    case ARIETTA_BINARY:
      return NAME (sigmoid1) (x) - t;
    case ARIETTA_HINGE:
    default:
      return 1 - t * x > 0 ? -t : 0 * x;
    }
}

static inline __attribute__ ((always_inline)) double
NAME (costs) (const AriettaDistance       kind,
              const AriettaReal *restrict x,
              const AriettaReal *restrict t,
              AriettaReal                 beta,
              size_t                      n)
{
  double lanes[LANES] = { 0 }, total = 0;
  size_t i;

  for (i = 0; i + LANES <= n; i += LANES)
    for (int j = 0; j < LANES; j++)
      lanes[j] += (double) NAME (cost1) (kind, x[i + j], t[i + j], beta);
  for (int j = 0; j < LANES; j++)
    total += lanes[j];
  for (; i < n; i++)
    total += (double) NAME (cost1) (kind, x[i], t[i], beta);

  return total;
}

/* kind is a constant within each call, so that each has loops of its own. */
static double
NAME (distance) (AriettaDistance    kind,
                 const AriettaReal *x,
                 const AriettaReal *t,
                 AriettaReal        beta,
                 size_t             n)
{
  switch (kind)
    {
    case ARIETTA_SQUARED:
      return NAME (costs) (ARIETTA_SQUARED, x, t, beta, n);
    case ARIETTA_ABSOLUTE:
      return NAME (costs) (ARIETTA_ABSOLUTE, x, t, beta, n);
    case ARIETTA_HUBER:
      return NAME (costs) (ARIETTA_HUBER, x, t, beta, n);
    case ARIETTA_BINARY:
      return NAME (costs) (ARIETTA_BINARY, x, t, beta, n);
    case ARIETTA_HINGE:
    default:
      return NAME (costs) (ARIETTA_HINGE, x, t, beta, n);
    }
}

static inline __attribute__ ((always_inline)) void
NAME (cost_slopes) (AriettaReal *restrict       dx,
                    const AriettaDistance       kind,
                    const AriettaReal *restrict x,
                    const AriettaReal *restrict t,
                    AriettaReal                 beta,
                    AriettaReal                 factor,
                    size_t                      n)
{
  for (size_t i = 0; i < n; i++)
    dx[i] += factor * NAME (cost_slope1) (kind, x[i], t[i], beta);
}

static void
NAME (distance_back) (AriettaReal       *dx,
                      AriettaDistance    kind,
                      const AriettaReal *x,
                      const AriettaReal *t,
                      AriettaReal        beta,
                      AriettaReal        factor,
                      size_t             n)
{
  switch (kind)
    {
    case ARIETTA_SQUARED:
      NAME (cost_slopes) (dx, ARIETTA_SQUARED, x, t, beta, factor, n);
      break;
    case ARIETTA_ABSOLUTE:
      NAME (cost_slopes) (dx, ARIETTA_ABSOLUTE, x, t, beta, factor, n);
      break;
    case ARIETTA_HUBER:
      NAME (cost_slopes) (dx, ARIETTA_HUBER, x, t, beta, factor, n);
      break;
    case ARIETTA_BINARY:
      NAME (cost_slopes) (dx, ARIETTA_BINARY, x, t, beta, factor, n);
      break;
    case ARIETTA_HINGE:
    default:
      NAME (cost_slopes) (dx, ARIETTA_HINGE, x, t, beta, factor, n);
    }
}
