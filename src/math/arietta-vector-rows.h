/* arietta-vector-rows.h - the loops of arietta-vector.h for attention and for norms of rows; a part of
 * arietta-vector-body.h. */

static void
NAME (panel_max) (AriettaReal *restrict       max,
                  const AriettaReal *restrict x,
                  size_t                      n)
{
  memcpy (max, x, ARIETTA_PANEL * sizeof *max);
  for (size_t r = 1; r < n; r++)
    for (size_t c = 0; c < ARIETTA_PANEL; c++)
      max[c] = x[r * ARIETTA_PANEL + c] > max[c] ? x[r * ARIETTA_PANEL + c] : max[c];
}

static void
NAME (panel_exp) (AriettaReal *restrict       x,
                  AriettaReal *restrict       sums,
                  const AriettaReal *restrict shift,
                  size_t                      n)
{
  for (size_t r = 0; r < n; r++)
    for (size_t c = 0; c < ARIETTA_PANEL; c++)
      {
        AriettaReal e = NAME (exp1) (x[r * ARIETTA_PANEL + c] - shift[c]);

        x[r * ARIETTA_PANEL + c] = e;
        sums[c] += e;
      }
}

static void
NAME (panel_softmax_back) (AriettaReal *restrict       p,
                           AriettaReal *restrict       d,
                           const AriettaReal *restrict lse,
                           const AriettaReal *restrict dot,
                           size_t                      n)
{
  for (size_t r = 0; r < n; r++)
    for (size_t c = 0; c < ARIETTA_PANEL; c++)
      {
        const size_t at = r * ARIETTA_PANEL + c;
        AriettaReal  e = NAME (exp1) (p[at] - lse[c]);

        p[at] = e;
        d[at] = e * (d[at] - dot[c]);
      }
}

/* Adds lanes up by halves, a fixed order too; they are spoilt. */
static inline AriettaReal
NAME (fold) (AriettaReal *lanes)
{
#pragma GCC unroll 5
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int j = 0; j < half; j++)
      lanes[j] += lanes[j + half];

  return lanes[0];
}

static void
NAME (norm) (AriettaReal *restrict       y,
             AriettaReal *restrict       stats,
             const AriettaReal *restrict x,
             const AriettaReal *restrict w,
             const AriettaReal *restrict b,
             AriettaReal                 epsilon,
             int                         centred,
             size_t                      n)
{
  AriettaReal lanes[LANES], mean = 0, sum, scale;
  size_t      i;

  if (centred)
    {
      for (int j = 0; j < LANES; j++)
        lanes[j] = 0;
      for (i = 0; i + LANES <= n; i += LANES)
        for (int j = 0; j < LANES; j++)
          lanes[j] += x[i + j];
      sum = NAME (fold) (lanes);
      for (; i < n; i++)
        sum += x[i];
      mean = sum / (AriettaReal) n;
    }

  for (int j = 0; j < LANES; j++)
    lanes[j] = 0;
  for (i = 0; i + LANES <= n; i += LANES)
    for (int j = 0; j < LANES; j++)
      lanes[j] += (x[i + j] - mean) * (x[i + j] - mean);
  sum = NAME (fold) (lanes);
  for (; i < n; i++)
    sum += (x[i] - mean) * (x[i] - mean);

  scale = 1 / ROOT (sum / (AriettaReal) n + epsilon);
  stats[0] = mean;
  stats[1] = scale;

  if (b != NULL)
    for (i = 0; i < n; i++)
      y[i] = (x[i] - mean) * scale * w[i] + b[i];
  else
    for (i = 0; i < n; i++)
      y[i] = (x[i] - mean) * scale * w[i];
}

static void
NAME (norm_back) (AriettaReal *restrict       dx,
                  AriettaReal *restrict       dw,
                  AriettaReal *restrict       db,
                  const AriettaReal *restrict dy,
                  const AriettaReal *restrict x,
                  const AriettaReal *restrict w,
                  const AriettaReal *restrict stats,
                  int                         centred,
                  size_t                      n)
{
  const AriettaReal mean = stats[0], scale = stats[1];
  AriettaReal       lanes[LANES] = { 0 }, along[LANES] = { 0 }, sum, sum_along;
  size_t            i;

  for (i = 0; i + LANES <= n; i += LANES)
    for (int j = 0; j < LANES; j++)
      {
        AriettaReal g = dy[i + j] * w[i + j];

        lanes[j] += g;
        along[j] += g * ((x[i + j] - mean) * scale);
      }
  sum = NAME (fold) (lanes);
  sum_along = NAME (fold) (along);
  for (; i < n; i++)
    {
      sum += dy[i] * w[i];
      sum_along += dy[i] * w[i] * ((x[i] - mean) * scale);
    }
  sum = centred ? sum / (AriettaReal) n : 0;
  sum_along /= (AriettaReal) n;

  for (i = 0; i < n; i++)
    {
      AriettaReal h = (x[i] - mean) * scale;

      dx[i] += scale * (dy[i] * w[i] - sum - h * sum_along);
      dw[i] += dy[i] * h;
    }
  if (db != NULL)
    for (i = 0; i < n; i++)
      db[i] += dy[i];
}
