/* arietta-vector-rows.h - the loops of arietta-vector.h for attention, norms of rows and GRU; a part of
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

/* In parts, as in lstm_gates (). */
static void
NAME (gru_gates) (AriettaReal                *h,
                  AriettaReal *restrict       gates,
                  const AriettaReal *restrict hidden,
                  const AriettaReal          *h_before,
                  size_t                      H)
{
  for (size_t at = 0; at < H; at += GATES_PART)
    {
      const size_t          n = H - at < GATES_PART ? H - at : GATES_PART;
      AriettaReal *restrict gr = gates + at, *restrict gz = gr + H, *restrict gn = gr + 2 * H;
      const AriettaReal    *restrict mr = hidden + at, *restrict mz = mr + H, *restrict mn = mr + 2 * H;
      AriettaReal           before[GATES_PART];

      memcpy (before, h_before + at, n * sizeof *before);
      for (size_t j = 0; j < n; j++)
        {
          AriettaReal r = NAME (sigmoid1) (gr[j] + mr[j]);
          AriettaReal z = NAME (sigmoid1) (gz[j] + mz[j]);
          AriettaReal c = NAME (tanh1) (gn[j] + r * mn[j]);

          gr[j] = r;
          gz[j] = z;
          gn[j] = c;
          h[at + j] = (1 - z) * c + z * before[j];
        }
    }
}

static void
NAME (gru_gates_back) (AriettaReal *restrict       gates,
                       AriettaReal *restrict       hidden,
                       AriettaReal *restrict       dh,
                       const AriettaReal *restrict h_before,
                       size_t                      H)
{
  AriettaReal *restrict gr = gates, *restrict gz = gates + H, *restrict gn = gates + 2 * H;
  AriettaReal *restrict mr = hidden, *restrict mz = hidden + H, *restrict mn = hidden + 2 * H;

  for (size_t j = 0; j < H; j++)
    {
      AriettaReal r = gr[j], z = gz[j], c = gn[j], d = dh[j];
      AriettaReal dn = d * (1 - z) * (1 - c * c);
      AriettaReal dr = dn * mn[j] * r * (1 - r);
      AriettaReal dz = d * (h_before[j] - c) * z * (1 - z);

      gr[j] = mr[j] = dr;
      gz[j] = mz[j] = dz;
      gn[j] = dn;
      mn[j] = dn * r;
      dh[j] = d * z;
    }
}
