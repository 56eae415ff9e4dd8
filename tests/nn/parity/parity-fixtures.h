/* parity-fixtures.h - the fixtures that are known: FILE.safetensors is checked by parity_FILE () */
#pragma once

#include "parity.h"

#define PARITY_FIXTURES(F) \
  F (activations)          \
  F (batchnorm)            \
  F (bilstm)               \
  F (conv2d)               \
  F (conv_transpose2d)     \
  F (cross_entropy)        \
  F (embedding)            \
  F (gru)                  \
  F (kl)                   \
  F (layernorm)            \
  F (linear)               \
  F (losses)               \
  F (lstm)                 \
  F (mha_causal)           \
  F (mha_relattn)          \
  F (mha_relbias)          \
  F (model_gpt)            \
  F (model_gan)            \
  F (model_melody_vae)     \
  F (optimizers)           \
  F (pool2d)

#define PARITY_PROTOTYPE(name) void parity_##name (Parity *c);
PARITY_FIXTURES (PARITY_PROTOTYPE)
#undef PARITY_PROTOTYPE
