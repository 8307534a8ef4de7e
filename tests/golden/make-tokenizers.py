"""Small tokenizers and what Hugging Face's tokenizers (Rust) make of texts with them, in tokenizers.json beside this file.

    python tests/golden/make-tokenizers.py          (tokenizers 0.23)

Every component of tokenizer.json that the package reads is there with each of its values, on top of models that merge across
every boundary of the texts, so that another split gives other ids. Models are kept once and named by the tokenizers.
"""

import base64
import json
import struct
from pathlib import Path

from tokenizers import Regex, Tokenizer, __version__, models, normalizers, pre_tokenizers, trainers

HERE = Path(__file__).parent

TEXTS = [
    '',
    ' ',
    '   ',
    'the cat sat on the mat',
    'The Cat, the HAT; the dog.',
    '  two  spaces and   three ',
    "don't we'll I'm they've he'd it's You'Re IT'S",
    'naïve café Größe straße ÀÉÎÕÜ',
    'nai\u0308ve cafe\u0301 e\u0301\u0327 q\u0323\u0307',
    'ΑΣ ΟΔΟΣ σας ΣΑΣ',
    'Привет, мир! Ёлка и ёж.',
    'مرحبا بالعالم ١٢٣ שלום עולם',
    '日本語のテスト。カタカナ、ひらがな!漢字',
    '中文测试,123个字。𠀀𠀁 ab𠀁',
    '한국어 문장입니다. 가각',
    'สวัสดีชาวโลก नमस्ते दुनिया क़',
    '🙂🎉 👩\u200d👩\u200d👧 👍🏽 🇩🇪 ☕\ufe0f',
    '𝒳𝒴 x 𝟙𝟚 Ⅷ ⅷ ﬁ ﬀ ß ẞ İ ı ſ K Å',
    'a²² ½1 1234!! ٣٤ 3.14 1,000,000 a1b22c333',
    '12345 67890123 0x1F 2e-5',
    '\ufeffbom\ufeff inside\u200bzero\u00adsoft',
    'line\u0085next\u2028para\u2029end\u00a0nbsp\u3000wide',
    'tabs\tand\r\nlines\n\n\nend\n',
    '\n',
    '\t\t x',
    'a' * 60,
    '!' * 30,
    'ha' * 20 + '!!',
    'nul\u0000ctl\u0001\u0008\u001f\u007f\u009f\ufffd.',
    '<s>the</s> [MASK] <|end|> cat<|end|>',
    ' <s> [MASK]x x[MASK] [MASK] <pad><pad>',
    'Day monday Today DAY day',
    '`code()` {a: [1, 2]} == != += -> => // #tag @user $5 ^~|',
    'https://example.com/a_b-c?d=e&f=%20 me@x.org',
    'def f(x):\n    return x**2  # ok\n',
    'snake_case CamelCase kebab-case ALLCAPS',
    '▁already▁there ▁',
    '…“quotes” ‘single’ —dash– ¿qué? ¡sí! «oui»',
    '\u0301combining first',
    'x y  z   \u2003em ',
    'unknown: ༄ ꧁ ᚠ ☭ 𒀀 ༄꧁ᚠ x༄༄y',
    '٣²½ ৪৫ ๓ 〇 一二三 ①② ㊿',
    'Å\u030a A\u030a ㎏ ｶﾞ Ａ１ ①',
    "'ſ 'S 'LL K's",
]

BYTE_LEVEL = {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': True}
BYTES_ONLY = {**BYTE_LEVEL, 'use_regex': False}
SPECIALS = ['<s>', '</s>', '<unk>', '<pad>', '[MASK]', '<|end|>']


def added(start, *tokens):
    """Added tokens; the ids of those that the model has not are set right by the library."""
    flags = {'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': True}
    return [{'id': start + i, **flags, **({'content': t} if isinstance(t, str) else t)} for i, t in enumerate(tokens)]


def model_of(tokenizer):
    return json.loads(tokenizer.to_str())['model']


def trained_bpe(pre_tokenizer, size, initial=(), **options):
    tokenizer = Tokenizer(models.BPE(**options))
    tokenizer.pre_tokenizer = pre_tokenizer
    trainer = trainers.BpeTrainer(
        vocab_size=size, show_progress=False, initial_alphabet=list(initial), special_tokens=['<unk>'] if options.get('unk_token') else [],
        **{k: v for k, v in options.items() if k in ('continuing_subword_prefix', 'end_of_word_suffix')},
    )
    tokenizer.train_from_iterator([text for text in TEXTS for _ in range(2)], trainer)
    return model_of(tokenizer)


def without(model, rare):
    """A byte-pair model that does not know some characters."""
    has = lambda *pieces: any(c in piece for piece in pieces for c in rare)
    return {**model, 'vocab': {p: i for p, i in model['vocab'].items() if not has(p)}, 'merges': [m for m in model['merges'] if not has(*m)]}


def trained_word_piece():
    tokenizer = Tokenizer(models.WordPiece(unk_token='[UNK]'))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.WordPieceTrainer(vocab_size=420, show_progress=False, special_tokens=['[UNK]'])
    texts = [normalizers.BertNormalizer(lowercase=low).normalize_str(t) for t in TEXTS for low in (True, False)]
    tokenizer.train_from_iterator(texts, trainer)
    model = model_of(tokenizer)
    for piece in ['𠀀', '##𠀁', '##𝒴', 'ΑΣ', '##σ']:
        model['vocab'].setdefault(piece, len(model['vocab']))
    return model


def word_level():
    words = ['<unk>']
    for text in TEXTS:
        for splitter in (pre_tokenizers.Whitespace(), pre_tokenizers.WhitespaceSplit()):
            for i, (word, _) in enumerate(splitter.pre_tokenize_str(text)):
                if i % 3 != 2 and word not in words:
                    words.append(word)
    return {'type': 'WordLevel', 'vocab': {w: i for i, w in enumerate(words)}, 'unk_token': '<unk>'}


def unigram(byte_fallback):
    pieces = {'<unk>': 0.0}
    marked = ['▁' + t.replace(' ', '▁') for t in TEXTS]
    for text in marked:
        for i in range(len(text)):
            for n in (1, 2, 3, 5, 8):
                piece = text[i:i + n]
                if len(piece) == n and (i * 7 + n * 5 + len(text)) % 9 < (6 if n == 1 else 2) and '༄' not in piece:
                    # Scores that are sums of powers of two, so that some ways tie.
                    pieces.setdefault(piece, -3.0 - ((i * 13 + n * 29) % 64) / 16 - n / 4)
    if byte_fallback:
        for byte in range(256):
            pieces.setdefault('<0x%02X>' % byte, -20.0)
    return {'type': 'Unigram', 'unk_id': 0, 'vocab': [[p, s] for p, s in pieces.items()], 'byte_fallback': byte_fallback}


def charsmap(rules):
    """SentencePiece's compiled normaliser: the size of a Darts-clone double array, that array, and the texts, each with a NUL."""
    texts, keys = b'', {}
    for key, value in sorted(rules.items(), key=lambda rule: rule[0].encode()):
        keys[key.encode()] = len(texts)
        texts += value.encode() + b'\0'
    units, used = {0: 0}, {0}

    def place(node, prefix, members):
        children = {}
        for key in members:
            if len(key) > len(prefix):
                children.setdefault(key[len(prefix)], []).append(key)
        labels = list(children) + ([0] if prefix in keys else [])
        base = next(b for b in range(1, 1 << 20) if all(b ^ label not in used for label in labels))
        used.update(base ^ label for label in labels)
        units[node] |= (node ^ base) << 10
        if prefix in keys:
            units[node] |= 1 << 8
            units[base] = keys[prefix] | 1 << 31
        for label in children:
            units[base ^ label] = label
        for label, inside in children.items():
            place(base ^ label, prefix + bytes([label]), inside)

    place(0, b'', list(keys))
    size = (max(units) | 0xff) + 1
    trie = struct.pack(f'<{size}I', *(units.get(i, 0) for i in range(size)))
    return base64.b64encode(struct.pack('<I', len(trie)) + trie + texts).decode()


PRECOMPILED = {
    'type': 'Precompiled',
    'precompiled_charsmap': charsmap({
        '\n': ' ', '\t': ' ', '\r': ' ', '\u00a0': ' ', '\u3000': ' ', '\u200b': ' ', '\ufeff': '', '\u00ad': '', '²': '2', '½': '1/2',
        'ﬁ': 'fi', 'Ⅷ': 'VIII', 'Ａ': 'A', 'ｶ': 'カ', 'ｶﾞ': 'ガ', 'e\u0301': 'é', 'A\u030a': 'Å', '𝒳': 'X', '…': '...', '\u0001': '',
    }),
}

UNICODE_LETTERS = r"[^\r\n\p{L}\p{N}]?"
CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
PATTERNS = {
    'llama3': CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    'qwen2': CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    'possessive': CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    'gpt4o': r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + CONTRACTIONS
    + r"?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + CONTRACTIONS
    + r"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    'tekken': r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    'bloom': r" ?[^(\s|[.,!?…。,、।۔،])]+",
    'lookbehind': r"(?<=[a-z])(?=[A-Z])|(?<!\w)\d{2,}|(?<=ab|c)x",
    'classes': r"[[:alpha:]&&[^aeiou]]+|[^\W\d]|[\x{30}-\x{39}]{2}|[a-fx-z\]\-]+|[[:^space:][:cntrl:]]",
    'anchors': r"^\s*\w|\b\w+\b$|\A.|\s\Z|\B.\z",
    'options': r"(?im:k.)|(?i)caf\w|[x-z]\u00e9|(?>a+)b?|\R|\h+|(?:ha){2,5}?|(?<name>x|y)|l(?-i:L)",
    'lazy': r"a+?|h.*?!|(?:[a-z][0-9]?)+?\s|(?#no comment)\w*?e",
    'empty': r"x*|(?=c)",
}


def split(regex, behavior='Isolated', invert=False):
    return {'type': 'Split', 'pattern': {'Regex': regex}, 'behavior': behavior, 'invert': invert}


def split_on(text, behavior, invert=False):
    return {'type': 'Split', 'pattern': {'String': text}, 'behavior': behavior, 'invert': invert}


def sequence(*steps):
    return {'type': 'Sequence', 'pretokenizers': list(steps)}


def normalized(*steps):
    return {'type': 'Sequence', 'normalizers': list(steps)}


def decoders(*steps):
    return {'type': 'Sequence', 'decoders': list(steps)}


def replace(text, content):
    return {'type': 'Replace', 'pattern': {'String': text}, 'content': content}


def metaspace(scheme, splits=True, replacement='▁'):
    return {'type': 'Metaspace', 'replacement': replacement, 'prepend_scheme': scheme, 'split': splits}


def make():
    """Models by name, and tokenizers: name, model, changes of the model, the other fields of tokenizer.json."""
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    kept = {
        'bytes': trained_bpe(pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False), 700, alphabet),
        'characters': trained_bpe(pre_tokenizers.Split('\u0002', 'removed'), 560, unk_token='<unk>'),
        'marked': trained_bpe(pre_tokenizers.Metaspace(prepend_scheme='always', split=False), 560, unk_token='<unk>'),
        'subword': trained_bpe(pre_tokenizers.WhitespaceSplit(), 600, unk_token='<unk>', continuing_subword_prefix='##'),
        'suffixed': trained_bpe(pre_tokenizers.Whitespace(), 600, unk_token='<unk>', end_of_word_suffix='</w>'),
        'wordpiece': trained_word_piece(),
        'wordlevel': word_level(),
        'unigram': unigram(False),
        'unigram-bytes': unigram(True),
    }
    kept['characters'] = without(kept['characters'], '༄꧁ᚠ')
    # Bytes for what is not in the vocabulary.
    base = without(kept['marked'], '༄꧁ᚠ☭𒀀')
    fallback = {**base, 'vocab': dict(base['vocab']), 'byte_fallback': True}
    for byte in range(256):
        fallback['vocab'].setdefault('<0x%02X>' % byte, len(fallback['vocab']))
    fallback['vocab'] = {piece: i for i, piece in enumerate(fallback['vocab'])}
    kept['fallback'] = fallback

    out = []

    def add(name, model, overrides=None, **fields):
        out.append({'name': name, 'model': model, 'overrides': overrides or {}, 'fields': fields})

    level = {'decoder': BYTE_LEVEL}
    size = {name: len(m['vocab']) for name, m in kept.items()}

    # Pre-tokenizers.
    for spaced in (False, True):
        for regex in (False, True):
            pre = {**BYTE_LEVEL, 'add_prefix_space': spaced, 'use_regex': regex, 'trim_offsets': spaced}
            add(f'ByteLevel {spaced} {regex}', 'bytes', pre_tokenizer=pre, **level)
    for behavior in ('Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'):
        add(f'Split String {behavior}', 'bytes', pre_tokenizer=sequence(split_on(' ', behavior), BYTES_ONLY), **level)
        add(f'Split Regex {behavior}', 'bytes', pre_tokenizer=sequence(split(r'\w|!', behavior), BYTES_ONLY), **level)
        add(f'Split inverted {behavior}', 'bytes', pre_tokenizer=sequence(split(r'\p{L}+', behavior, True), BYTES_ONLY), **level)
        add(f'Punctuation {behavior}', 'bytes', pre_tokenizer=sequence({'type': 'Punctuation', 'behavior': behavior}, BYTES_ONLY), **level)
    for name, pattern in PATTERNS.items():
        add(f'pattern {name}', 'bytes', pre_tokenizer=sequence(split(pattern), BYTES_ONLY), **level)
    add('pattern lookbehind removed', 'bytes', pre_tokenizer=sequence(split(PATTERNS['lookbehind'], 'MergedWithNext'), BYTES_ONLY), **level)
    add('CLIP', 'suffixed', normalizer=normalized({'type': 'NFC'}, {'type': 'Replace', 'pattern': {'Regex': r'\s+'}, 'content': ' '},
        {'type': 'Lowercase'}), pre_tokenizer=split(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", 'Removed', True),
        decoder={'type': 'BPEDecoder', 'suffix': '</w>'})
    for individual in (False, True):
        add(f'Digits {individual}', 'bytes', pre_tokenizer=sequence({'type': 'Digits', 'individual_digits': individual}, BYTE_LEVEL), **level)
    add('Falcon', 'bytes', pre_tokenizer=sequence({'type': 'Punctuation', 'behavior': 'Contiguous'}, BYTE_LEVEL,
        {'type': 'Digits', 'individual_digits': False}, split('[0-9][0-9][0-9]')), **level)
    add('DeepSeek', 'bytes', pre_tokenizer=sequence(split(r'\p{N}{1,3}'), split('[一-龥\u3040-ゟ゠-ヿ]+'),
        split(r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
        BYTES_ONLY), **level)
    add('Whitespace', 'wordlevel', pre_tokenizer={'type': 'Whitespace'})
    add('Whitespace on bytes', 'bytes', pre_tokenizer=sequence({'type': 'Whitespace'}, BYTES_ONLY), **level)
    add('WhitespaceSplit', 'wordlevel', pre_tokenizer={'type': 'WhitespaceSplit'})
    add('BertPreTokenizer on bytes', 'bytes', pre_tokenizer=sequence({'type': 'BertPreTokenizer'}, BYTES_ONLY), **level)
    add('CharDelimiterSplit', 'bytes', pre_tokenizer=sequence({'type': 'CharDelimiterSplit', 'delimiter': 'é'},
        {'type': 'CharDelimiterSplit', 'delimiter': ' '}, BYTES_ONLY), **level)
    for length in (1, 2, 7):
        add(f'FixedLength {length}', 'bytes', pre_tokenizer=sequence({'type': 'FixedLength', 'length': length}, BYTES_ONLY), **level)
    for scheme in ('always', 'first', 'never'):
        for splits in (True, False):
            add(f'Metaspace {scheme} {splits}', 'marked', pre_tokenizer=metaspace(scheme, splits), decoder=metaspace(scheme, splits))
    add('Metaspace of old', 'marked', pre_tokenizer={'type': 'Metaspace', 'replacement': '▁', 'add_prefix_space': True},
        decoder={'type': 'Metaspace', 'replacement': '▁', 'add_prefix_space': True})
    add('Metaspace first after Strip', 'marked', normalizer={'type': 'Strip', 'strip_left': True, 'strip_right': False},
        pre_tokenizer=metaspace('first'), added_tokens=added(size['marked'], '[MASK]'))
    add('Metaspace first after parts', 'marked', normalizer=normalized({'type': 'NFKD'}, replace('the', 'a')),
        pre_tokenizer=sequence(split(r'\p{N}|\W'), metaspace('first')))
    add('Metaspace first after Precompiled', 'marked', normalizer=PRECOMPILED, pre_tokenizer=metaspace('first'))
    add('Metaspace first after graphemes', 'marked', normalizer=PRECOMPILED, pre_tokenizer=sequence(split('.'), metaspace('first')))
    add('Metaspace by _', 'characters', pre_tokenizer=metaspace('always', True, '_'), decoder=metaspace('always', True, '_'))

    # Normalizers, in front of bytes.
    for kind in ('NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'Nmt'):
        add(kind, 'bytes', normalizer={'type': kind}, pre_tokenizer=BYTES_ONLY, **level)
    add('ByteLevel normalizer', 'bytes', normalizer={'type': 'ByteLevel'}, **level,
        added_tokens=added(size['bytes'], {'content': 'été ', 'normalized': True, 'special': False}, {'content': 'tabs\t', 'normalized': True}))
    for left in (False, True):
        for right in (False, True):
            add(f'Strip {left} {right}', 'bytes', normalizer={'type': 'Strip', 'strip_left': left, 'strip_right': right}, pre_tokenizer=BYTES_ONLY, **level)
    add('Replace String', 'bytes', normalizer=normalized(replace('a', 'bb'), replace('..', '')), pre_tokenizer=BYTES_ONLY, **level)
    add('Replace Regex', 'bytes', normalizer={'type': 'Replace', 'pattern': {'Regex': r' {2,}|\p{Lu}'}, 'content': '▁'}, pre_tokenizer=BYTES_ONLY, **level)
    add('Prepend', 'bytes', normalizer={'type': 'Prepend', 'prepend': '▁x'}, pre_tokenizer=BYTES_ONLY, **level)
    add('Precompiled', 'bytes', normalizer=PRECOMPILED, pre_tokenizer=BYTES_ONLY, **level)
    for clean, chinese, accents, lower in ((True, True, None, True), (True, True, None, False), (False, False, True, False),
                                           (True, False, False, True), (False, True, False, False), (False, False, None, True)):
        add(f'BertNormalizer {clean} {chinese} {accents} {lower}', 'bytes', normalizer={'type': 'BertNormalizer', 'clean_text': clean,
            'handle_chinese_chars': chinese, 'strip_accents': accents, 'lowercase': lower}, pre_tokenizer=BYTES_ONLY, **level)

    # Models.
    bert = {'type': 'BertNormalizer', 'clean_text': True, 'handle_chinese_chars': True, 'strip_accents': None, 'lowercase': True}
    pair = [{'SpecialToken': {'id': '<s>', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}]
    template = {'type': 'TemplateProcessing', 'single': pair, 'pair': pair + [{'Sequence': {'id': 'B', 'type_id': 0}}],
                'special_tokens': {'<s>': {'id': '<s>', 'ids': [size['wordpiece']], 'tokens': ['<s>']}}}
    for tidies in (True, False):
        add(f'BERT {tidies}', 'wordpiece', normalizer=bert, pre_tokenizer={'type': 'BertPreTokenizer'}, post_processor=template,
            decoder={'type': 'WordPiece', 'prefix': '##', 'cleanup': tidies}, added_tokens=added(size['wordpiece'], *SPECIALS))
    add('WordPiece short', 'wordpiece', {'max_input_chars_per_word': 5}, normalizer=bert, pre_tokenizer={'type': 'BertPreTokenizer'},
        post_processor={'type': 'BertProcessing', 'sep': ['[UNK]', 0], 'cls': ['[UNK]', 0]})
    add('WordPiece without prefix', 'wordpiece', {'continuing_subword_prefix': ''}, pre_tokenizer={'type': 'WhitespaceSplit'})
    add('WordPiece without type', 'wordpiece', {'type': None}, pre_tokenizer={'type': 'BertPreTokenizer'})
    add('BPE characters', 'characters')
    add('BPE fuse_unk', 'characters', {'fuse_unk': True}, post_processor={'type': 'RobertaProcessing', 'sep': ['<unk>', 0],
        'cls': ['<unk>', 0], 'trim_offsets': True, 'add_prefix_space': False})
    add('BPE without unk_token', 'characters', {'unk_token': None}, truncation={'direction': 'Right', 'max_length': 3, 'strategy': 'LongestFirst',
        'stride': 0}, padding={'strategy': {'Fixed': 64}, 'direction': 'Right', 'pad_to_multiple_of': None, 'pad_id': 0, 'pad_type_id': 0, 'pad_token': '<unk>'})
    add('BPE ignore_merges', 'bytes', {'ignore_merges': True, 'merges': []}, pre_tokenizer=BYTE_LEVEL, **level)
    add('BPE dropout 0', 'bytes', {'dropout': 0.0}, pre_tokenizer=BYTE_LEVEL, **level, post_processor={'type': 'Sequence', 'processors': [BYTE_LEVEL]})
    add('BPE continuing_subword_prefix', 'subword', pre_tokenizer={'type': 'WhitespaceSplit'}, decoder={'type': 'WordPiece', 'prefix': '##', 'cleanup': False})
    add('BPE end_of_word_suffix', 'suffixed', pre_tokenizer={'type': 'Whitespace'}, decoder={'type': 'BPEDecoder', 'suffix': '</w>'})
    bytes_back = decoders(replace('▁', ' '), {'type': 'ByteFallback'}, {'type': 'Fuse'}, {'type': 'Strip', 'content': ' ', 'start': 1, 'stop': 0})
    add('Llama 2', 'fallback', {'fuse_unk': True}, normalizer=normalized({'type': 'Prepend', 'prepend': '▁'}, replace(' ', '▁')),
        decoder=bytes_back, added_tokens=added(size['fallback'], *SPECIALS))
    add('Mistral', 'fallback', {'fuse_unk': True}, pre_tokenizer=metaspace('first', False), decoder=bytes_back, added_tokens=added(size['fallback'], *SPECIALS))
    add('Gemma', 'fallback', {'fuse_unk': True}, normalizer=replace(' ', '▁'), pre_tokenizer=split_on(' ', 'MergedWithPrevious'),
        decoder=decoders(replace('▁', ' '), {'type': 'ByteFallback'}, {'type': 'Fuse'}), added_tokens=added(size['fallback'], *SPECIALS))
    some = {**{k: v for k, v in fallback['vocab'].items() if not k.startswith('<0xE') and not k.startswith('<0xF')}}
    kept['some-bytes'] = {**fallback, 'vocab': some}
    for fuses in (False, True):
        add(f'BPE some bytes {fuses}', 'some-bytes', {'fuse_unk': fuses}, pre_tokenizer=metaspace('always', False), decoder={'type': 'ByteFallback'})
    for name in ('unigram', 'unigram-bytes'):
        add(name, name, pre_tokenizer=metaspace('always'), decoder=metaspace('always'))
        add(f'{name} whole', name, normalizer=normalized(PRECOMPILED, {'type': 'Replace', 'pattern': {'Regex': ' {2,}'}, 'content': ' '}),
            pre_tokenizer=metaspace('always', False), decoder=decoders({'type': 'ByteFallback'}, metaspace('always')))

    # Added tokens.
    flags = [{'content': '[MASK]', 'lstrip': True}, {'content': '<pad>', 'rstrip': True, 'lstrip': True}, {'content': '<|end|>', 'rstrip': True},
             {'content': 'Day', 'single_word': True, 'normalized': True, 'special': False}, {'content': 'the', 'special': False},
             {'content': 'the cat', 'special': False}, {'content': '  ', 'special': False}, {'content': 'ï', 'normalized': True},
             {'content': 'é', 'single_word': True}, {'content': '!!', 'single_word': True, 'rstrip': True}]
    add('added tokens', 'bytes', pre_tokenizer=BYTE_LEVEL, **level, added_tokens=added(size['bytes'], '<s>', '</s>', *flags))
    for normalizer in ({'type': 'Lowercase'}, {'type': 'NFD'}, replace(' ', '▁'), {'type': 'Prepend', 'prepend': '▁'}):
        add(f'added tokens after {normalizer["type"]} {len(json.dumps(normalizer))}', 'marked', normalizer=normalizer,
            decoder=decoders({'type': 'Fuse'}), added_tokens=added(size['marked'], '<s>', *flags))
    add('added tokens of white space', 'bytes', pre_tokenizer=BYTES_ONLY, **level, added_tokens=added(size['bytes'],
        {'content': '  ', 'lstrip': True, 'rstrip': True}, {'content': '<s>', 'rstrip': True}))
    add('added tokens of the vocabulary', 'wordlevel', pre_tokenizer={'type': 'Whitespace'},
        added_tokens=[token for w in list(kept['wordlevel']['vocab'])[1:4] for token in added(kept['wordlevel']['vocab'][w], w)] + added(size['wordlevel'], '[MASK]'))
    add('decoders', 'characters', decoder=decoders({'type': 'Strip', 'content': 'a', 'start': 2, 'stop': 1}, {'type': 'Replace',
        'pattern': {'Regex': '[aeiou]+'}, 'content': '<v>'}, {'type': 'Fuse'}))
    return kept, out


def build(kept, entry):
    model = {k: v for k, v in {**kept[entry['model']], **entry['overrides']}.items() if not (k == 'type' and v is None)}
    file = {'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': [], 'normalizer': None, 'pre_tokenizer': None,
            'post_processor': None, 'decoder': None, **entry['fields'], 'model': model}
    tokenizer = Tokenizer.from_str(json.dumps(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


LAST_CODE_POINT = 0x3FFFF

CLASSES = {
    'punctuation': lambda: removed(pre_tokenizers.Punctuation('removed')),
    'white space': lambda: removed(pre_tokenizers.WhitespaceSplit()),
    **{f'\\p{{{name}}}': (lambda name: lambda: removed(pre_tokenizers.Split(Regex(f'\\p{{{name}}}'), 'removed')))(name)
       for name in ('L', 'N', 'M', 'P', 'S', 'Lu', 'Ll', 'Lm', 'Lo', 'Nd', 'Han', 'Alphabetic')},
    '\\w': lambda: removed(pre_tokenizers.Split(Regex(r'\w'), 'removed')),
    '[[:word:]]': lambda: removed(pre_tokenizers.Split(Regex('[[:word:]]'), 'removed')),
    'mark': lambda: changed(normalizers.StripAccents(), ''),
    'nonspacing mark': lambda: changed(normalizers.BertNormalizer(False, False, True, False), ''),
    'cleaned': lambda: changed(normalizers.BertNormalizer(True, False, False, False), ''),
    'NFKD': lambda: changed(normalizers.NFKD()),
    'NFD': lambda: changed(normalizers.NFD()),
}


def code_points():
    """All planes that have characters of their own."""
    return [c for c in range(LAST_CODE_POINT + 1) if not 0xD800 <= c <= 0xDFFF]


def removed(pre_tokenizer):
    gone, points = [], code_points()
    for i in range(0, len(points), 4096):
        part = points[i:i + 4096]
        left = set()
        for _, (start, end) in pre_tokenizer.pre_tokenize_str(''.join(map(chr, part))):
            left.update(range(start, end))
        gone += [c for j, c in enumerate(part) if j not in left]
    return gone


def changed(normalizer, to=None):
    pairs = ((c, normalizer.normalize_str(chr(c))) for c in code_points())
    return [c for c, text in pairs if (text != chr(c) if to is None else text == to)]


def ranges(points):
    """Differences between successive beginnings and ends of ranges, in base 36."""
    edges, last = [], 0
    for c in points:
        if edges and edges[-1] == c:
            edges[-1] = c + 1
        else:
            edges += [c, c + 1]
    out = []
    for edge in edges:
        out.append(base36(edge - last))
        last = edge
    return ' '.join(out)


def base36(n):
    digits = '0123456789abcdefghijklmnopqrstuvwxyz'
    return (base36(n // 36) if n >= 36 else '') + digits[n % 36]


def main():
    kept, entries = make()
    for entry in entries:
        tokenizer = build(kept, entry)
        if 'added_tokens' in entry['fields']:
            entry['fields']['added_tokens'] = json.loads(tokenizer.to_str())['added_tokens']
        entry['ids'] = [tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]
        entry['decoded'] = [tokenizer.decode(ids, skip_special_tokens=False) if ids else '' for ids in entry['ids']]
        # Most texts come back as they were.
        entry['decoded'] = [0 if d == t else d for d, t in zip(entry['decoded'], TEXTS)]
    golden = {'version': __version__, 'texts': TEXTS, 'models': kept, 'tokenizers': entries,
              'classes': {name: ranges(points()) for name, points in CLASSES.items()}}
    out = HERE / 'tokenizers.json'
    out.write_text(json.dumps(golden, ensure_ascii=False, separators=(',', ':')) + '\n')
    print(len(entries), 'tokenizers', len(TEXTS), 'texts', out.stat().st_size, 'bytes')


if __name__ == '__main__':
    main()
