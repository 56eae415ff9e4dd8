/* arietta-vector-latent.h - the loops of arietta-latent.h and of normal numbers; a part of
 * arietta-vector-body.h. */

/* Box and Muller's sqrt (-2 log u) cos (2 pi v), in double whatever AriettaReal is, so that it is the number that
 * arietta_random_normal () makes of the same two but for 1e-12 of it.
 *
 * log u: u = 2^k m with m in sqrt (1/2) .. sqrt 2, log m = 2 artanh ((m - 1) / (m + 1)) by its series.
 * cos (2 pi v) = -cos (2 pi (v - 1/2)) = -sin (2 pi (1/4 - |v - 1/2|)), whose argument is within pi / 2. */
static void
NAME (normals) (AriettaReal *restrict  y,
                const double *restrict u,
                const double *restrict v,
                size_t                 n)
{
  const double root_half = 0x1.6a09e667f3bcdp-1, integer = 0x1p52;

  for (size_t i = 0; i < n; i++)
    {
      double   k, m, s, z, p, w, x, q;
      uint64_t bits, exponent, low;

      memcpy (&bits, &u[i], sizeof bits);
      memcpy (&low, &root_half, sizeof low);
      bits += UINT64_C (0x3ff0000000000000) - low;
      /* The exponent is read as the last digits of a double that has no places after the point. */
      exponent = (bits >> 52) | UINT64_C (0x4330000000000000);
      memcpy (&k, &exponent, sizeof k);
      k = k - integer - 1023;
      bits = (bits & UINT64_C (0x000fffffffffffff)) + low;
      memcpy (&m, &bits, sizeof m);

      s = (m - 1) / (m + 1);
      z = s * s;
      p = 1.0 / 15;
      p = p * z + 1.0 / 13;
      p = p * z + 1.0 / 11;
      p = p * z + 1.0 / 9;
      p = p * z + 1.0 / 7;
      p = p * z + 1.0 / 5;
      p = p * z + 1.0 / 3;
      p = 2 * (p * z * s + s) + k * 0.69314718055994530942;

      w = v[i] - 0.5;
      w = 0.25 - (w < 0 ? -w : w);
      x = w * 6.28318530717958647693;
      z = x * x;
      q = 1.0 / 355687428096000;
      q = q * z - 1.0 / 1307674368000;
      q = q * z + 1.0 / 6227020800;
      q = q * z - 1.0 / 39916800;
      q = q * z + 1.0 / 362880;
      q = q * z - 1.0 / 5040;
      q = q * z + 1.0 / 120;
      q = q * z - 1.0 / 6;
      q = q * z * x + x;

      y[i] = (AriettaReal) (-sqrt (p < 0 ? -2 * p : 0) * q);
    }
}

static void
NAME (reparameterise) (AriettaReal *restrict       z,
                       const AriettaReal *restrict mu,
                       const AriettaReal *restrict logvar,
                       const AriettaReal *restrict eps,
                       size_t                      n)
{
  for (size_t i = 0; i < n; i++)
    z[i] = mu[i] + NAME (exp1) ((AriettaReal) 0.5 * logvar[i]) * eps[i];
}

static double
NAME (divergence) (const AriettaReal *restrict mu,
                   const AriettaReal *restrict logvar,
                   size_t                      n)
{
  double lanes[LANES] = { 0 }, total = 0;
  size_t i;

  for (i = 0; i + LANES <= n; i += LANES)
    for (int j = 0; j < LANES; j++)
      lanes[j] += (double) (mu[i + j] * mu[i + j] + (NAME (expm1_1) (logvar[i + j]) - logvar[i + j]));
  for (int j = 0; j < LANES; j++)
    total += lanes[j];
  for (; i < n; i++)
    total += (double) (mu[i] * mu[i] + (NAME (expm1_1) (logvar[i]) - logvar[i]));

  return 0.5 * total;
}

static void
NAME (add_expm1) (AriettaReal *restrict       y,
                  const AriettaReal *restrict x,
                  AriettaReal                 factor,
                  size_t                      n)
{
  for (size_t i = 0; i < n; i++)
    y[i] += factor * NAME (expm1_1) (x[i]);
}
