/** What keeps models from being opened, and the `model_type`s it keeps out. */
const UNREAD: readonly (readonly [reason: string, types: string])[] = [
  [
    'Its layers are mixtures of experts, which are not computed.',
    'afmoe arctic bailing_moe cohere2_moe dbrx dots1 ernie4_5_moe exaone_moe flex_olmo glm4_moe granitemoe granitemoeshared grok-1 hunyuan_v1_moe jetmoe llama4 llama4_text minimax_m2 mixtral olmoe phimoe qwen2_moe qwen3_moe switch_transformers',
  ],
  [
    'Its keys and values are latent (compressed), which is not computed.',
    'deepseek_v2 deepseek_v3 deepseek_v32 glm4_moe_lite kimi_k2 longcat_flash minicpm3',
  ],
  ['Its attention has sinks, and its layers are mixtures of experts; neither is computed.', 'gpt_oss'],
  [
    'It has layers with a recurrent state (a state-space model, linear attention or a hybrid), which are not computed.',
    'bamba falcon_h1 falcon_mamba granitemoehybrid jamba kimi_linear lfm2 lfm2_moe mamba mamba2 minimax nemotron_h olmo_hybrid qwen3_5 qwen3_5_moe qwen3_next recurrent_gemma rwkv xlstm zamba zamba2',
  ],
  [
    'It is an encoder with a decoder, whose cross attention is not computed.',
    'bart bigbird_pegasus blenderbot blenderbot-small fsmt led longt5 m2m_100 marian mbart mt5 mvp pegasus pegasus_x plbart prophetnet t5 t5gemma umt5 whisper',
  ],
];

const REASONS: ReadonlyMap<unknown, string> = new Map(
  UNREAD.flatMap(([reason, types]) => types.split(' ').map((type) => [type, reason] as const)),
);

/** Why a known family is not opened; undefined for one that nobody knows. */
export function whyUnread(modelType: unknown): string | undefined {
  return REASONS.get(modelType);
}
