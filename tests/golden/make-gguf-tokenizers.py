"""Tokenizers as GGUF metadata describe them, and what Hugging Face's tokenizers (Rust) make of texts, in gguf-tokenizers.json beside this file.

    python tests/golden/make-gguf-tokenizers.py                  (tokenizers 0.23, transformers 5.24, sentencepiece 0.2)
    python tests/golden/make-gguf-tokenizers.py --lines FOLDER   10,000 lines for each name, for scripts/compare-gguf-tokenizers.ts

Pre-tokenizers are written out here a second time, or taken from the classes of transformers where it has them. The small vocabulary of bytes merges across every
boundary of the texts, so that another split gives other ids; that of --lines is learned behind each pre-tokenizer as well.
"""

import json
import random
import sys
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, __version__, decoders, models, normalizers, pre_tokenizers, trainers
from transformers.integrations.gguf.gguf_tokenizer_mapping import GGUF_PRE_TOKENIZER_SPLITS
from transformers.convert_slow_tokenizer import bytes_to_unicode
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX as QWEN2
from transformers.tokenization_utils_base import generate_merges

HERE = Path(__file__).parent

# ---- Texts.

WORDS = {
    'English': "the cat sat on a mat don't we'll I'M they'VE he'd it's YOU'RE naïve Zürich e.g. co-operate ALLCAPS CamelCase snake_case x's KELVIN'ſ",
    'German': 'Straße größer Übergang Weißwurst Fußgängerübergänge Donaudampfschifffahrt daß ÄRGER ẞ „Zitat“ geht’s Öl über',
    'French': 'l’été où ça œuvre Noël «oui» aujourd’hui naïveté ÉCOLE',
    'Russian': 'Привет мир ёлка Ёж ПОДЪЕЗД съешь ещё мягких булок',
    'Greek': 'Καλημέρα ΟΔΟΣ ψυχή σας ΣΑΣ ἀρχή',
    'Arabic': 'مرحبا بالعالم لُغَة العربية، نص؟ ١٢٣٤٥ ۱۲۳۴',
    'Hebrew': 'שלום עולם עִבְרִית',
    'Hindi': 'नमस्ते दुनिया क़लम हिन्दी १२३४५ पढ़ना।',
    'Bengali': 'বাংলা ভাষা ১২৩৪ ড়',
    'Thai': 'สวัสดีชาวโลก ภาษาไทย ๑๒๓๔๕',
    'Chinese': '中文测试，今天天气很好。 一二三四五 「引号」 （括号） 汉字漢字 2024年12月 第１２３章',
    'Japanese': '日本語のテスト カタカナ ひらがな、漢字！ ｶﾞｷﾞ 〇 ㊿ ㎏',
    'Korean': '한국어 문장입니다 가각 안녕하세요',
    'Vietnamese': 'Tiếng Việt được rồi e\u0302\u0301',
    'Marks': 'e\u0301\u0327 q\u0323\u0307 A\u030a n\u0303 o\u0308 \u0301x ﬁ ﬀ Å K Ω \u1100\u1161 \u1112\u1161\u11ab',
    'Emoji': '🙂 🎉 👩\u200d👩\u200d👧 👍🏽 🇩🇪 ☕\ufe0f 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1\ufe0f\u20e3 ❤\ufe0f\u200d🔥',
    'Beyond': '𠀀𠀁𪚥 𝒳𝒴 𝟙𝟚𝟛 𒀀𒁀 𐍈𐌰 𞤀𞤁 𝔘𝔫𝔦 😀𠮷 𐒰𐓘 🀄 𐐀𐐨 𑁦𑁧',
    'Numbers': '0 12 123 1234 1234567890 3.14 1,000,000 0x1F 2e-5 ½ ²³ ⅷ Ⅻ ① ٣٤ ৪৫ ๓ 〇 １２ 𝟘𝟙 𑁨 a1b22c333 ௰ ៣ ㊀ 1² x₂',
    'Code': 'def f(x):\n\treturn x**2  # ok\n if(a&&b||!c){ i++; } for(;;) a[0]->b::c<T>&& == != += => // /* */ #include<stdio.h> "a\\n" \'b\' `c` $d @e ${f} </div> {}[]() %d \\w+',
    'Links': 'https://example.com/a_b-c?d=e&f=%20#g me@x.org C:\\Users\\x ../../etc /usr/bin/env',
    'Symbols': '!!! ... --- === *** ~~~ … “q” ‘s’ — – ¿qué? ¡sí! € £ ¥ § ¶ † ‰ ← → ∀x∈ℝ ≤ ∑ √ ° ™ © ® ^ ` | $+<=>^~|`',
    'Special': '<s> </s> <unk> <|endoftext|> <|im_start|>user <0x41> [MASK] ▁ ▁▁ ▁already▁there <pad> [UNK]',
}
SPACES = ['  ', '   ', '\t', '\n', '\n\n', '\r\n', ' \n ', '\u00a0', '\u3000', '\u2003', '\u0085', '\u2028', '\u200b', '\ufeff', '\u00ad', ' ' * 7, ' ' * 33, '\t\t\t', '\x0b', '\x0c', '\x1c']


def assigned(first, last):
    return [chr(c) for c in range(first, last) if unicodedata.category(chr(c)) not in ('Cn', 'Cs', 'Co')]


MARKS = ''.join(c for c in map(chr, range(33, 127)) if not c.isalnum()) + '…。，、।۔،；：「」“”«»—¿§©÷€² ½٣१〇ʰ\u0301ǅß一가ア'


def make_lines(count, seed):
    """Mixed text: words of one or several languages, with other white space, other digits, other planes between."""
    rng = random.Random(seed)
    words = {name: text.split(' ') for name, text in WORDS.items()}
    names = list(words)
    low, high = assigned(0x20, 0x3000), assigned(0x10000, 0x20000) + assigned(0x20000, 0x2A6E0)[::37]
    digits = [c for c in low + high if unicodedata.category(c) in ('Nd', 'Nl', 'No')]
    lines = ['', ' ', '   ', '\n', '\t\t x', 'a' * 60, '!' * 30, ' ' * 40 + 'x', '-' * 45, 'ha' * 20, 'x!\n/a  ok.\n\n/b', "x'S y'LL z'm I'VE ſ'ſ we'Re x'Sy a   b    b a\t\tb 1234512 x1212"]
    lines += [' '.join(f'x{mark}a bb{mark} b{mark}\n' for mark in MARKS[i:i + 8]) for i in range(0, len(MARKS), 8)]
    while len(lines) < count:
        kind = rng.random()
        if kind < 0.06:
            line = ''.join(rng.choice(low) for _ in range(rng.randint(1, 24)))
        elif kind < 0.1:
            line = ''.join(rng.choice(high) for _ in range(rng.randint(1, 12)))
        elif kind < 0.16:
            line = ''.join(rng.choice(digits) if rng.random() < 0.7 else rng.choice(' .,a-') for _ in range(rng.randint(1, 20)))
        elif kind < 0.2:
            line = rng.choice(low + high) * rng.randint(2, 40)
        else:
            chosen = [rng.choice(names) for _ in range(rng.choice((1, 1, 2, 3)))]
            line = ''
            for _ in range(rng.randint(1, 9)):
                line += rng.choice(words[rng.choice(chosen)])
                line += rng.choice(SPACES) if rng.random() < 0.15 else rng.choice(('', ' ', ' ', ' ', ' '))
        lines.append(line)
    return lines


# ---- Byte-level vocabularies.

B = lambda: pre_tokenizers.ByteLevel(add_prefix_space=False)
BYTES = lambda: pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)


def by_regex(*patterns):
    return pre_tokenizers.Sequence([*(pre_tokenizers.Split(Regex(p), 'isolated') for p in patterns), BYTES()])


def by_digits():
    return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), B()])


PUNCTUATION = ' ?[^(\\s|[.,!?…。，、।۔،])]+'
KINDS = {
    'gpt-2': (B, 'gpt-2 phi-2 roberta-bpe jina-es jina-de jina-v1-en jina-v2-es jina-v2-de jina-v2-code gigachat a.x-4.0 mellum exaone4 jais trillion granite-docling'),
    'olmo': (B, 'olmo mpt modern-bert'),
    'smollm': (by_digits, 'smollm starcoder refact codeshell exaone minerva-7b mellum2'),
    'command-r': (by_digits, 'command-r'),
    'stablelm2': (lambda: by_regex(QWEN2), 'stablelm2 hunyuan solar-open grok-2 kormo f2llmv2 megrez'),
    'qwen2': (lambda: by_regex(QWEN2), 'qwen2 deepseek-r1-qwen'),
    'falcon': (lambda: pre_tokenizers.Sequence([pre_tokenizers.Punctuation('contiguous'), B(), pre_tokenizers.Digits(individual_digits=False),
                                                pre_tokenizers.Split(Regex('[0-9][0-9][0-9]'), 'isolated')]), 'falcon'),
    'bloom': (lambda: by_regex(PUNCTUATION), 'bloom poro-chat gpt3-finnish'),
    'viking': (lambda: by_regex(PUNCTUATION, '\\p{N}'), 'viking'),
    'deepseek-coder': (lambda: pre_tokenizers.Sequence([
        *(pre_tokenizers.Split(Regex(p), 'isolated') for p in ('[\r\n]', '\\s?\\p{L}+', '\\s?\\p{P}+', '[一-龥ࠀ-一가-퟿]+')),
        pre_tokenizers.Digits(individual_digits=True), BYTES()]), 'deepseek-coder'),
    'deepseek-v3': (lambda: by_regex('\\p{N}{1,3}', '[一-龥\u3040-ゟ゠-ヿ]+',
        '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+'),
        'deepseek-v3'),
}
for lead, names in (
    ('llama-bpe', 'llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano'),
    ('smaug-bpe', 'smaug-bpe dbrx'), ('tekken', 'tekken'), ('gpt-4o', 'gpt-4o llama4 kanana2 talkie minimax-m2'), ('qwen35', 'qwen35'),
):
    splits = {GGUF_PRE_TOKENIZER_SPLITS[name] for name in names.split()}
    assert len(splits) == 1
    KINDS[lead] = ((lambda regex: lambda: by_regex(regex))(splits.pop()), names)

COMPOSES = {'olmo', 'command-r', 'qwen2', 'qwen35'}
WHOLE_FIRST = {'llama-bpe', 'tekken'}


def byte_vocabulary(lines, size, pre_tokenizer):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=size, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    model = json.loads(tokenizer.to_str())['model']
    tokens = sorted(model['vocab'], key=model['vocab'].get)
    # Each mark joins a letter on either side, so that splits at single marks show.
    vocab, merges = set(model['vocab']), model['merges']

    def merge(left, right):
        if left + right not in vocab:
            merges.append([left, right])
            vocab.add(left + right)
            tokens.append(left + right)
        return left + right

    spelling = bytes_to_unicode()
    for mark in MARKS:
        spelt = [spelling[byte] for byte in mark.encode()]
        whole = spelt[0]
        for byte in spelt[1:]:
            whole = merge(whole, byte)
        merge(whole, 'a')
        merge('b', whole)
    for left, right in ('Ċ/', 'Sy', 'Ġb', 'ĠĠ', 'ĉb', '12', '34'):
        merge(left, right)
    # Some whole words that no merge makes, and added tokens at the end as in most files.
    tokens += [w for w in ('Ġexample', 'å®Ŀ') if w not in model['vocab']]
    added = {'<|endoftext|>': 3, '<|im_start|>': 3, '  ': 4, '[MASK]': 3}
    tokens += [t for t in added if t not in tokens]
    return {'tokens': tokens, 'types': [added.get(t, 1) for t in tokens], 'merges': [' '.join(m) for m in merges]}


def byte_oracle(kind, vocabulary):
    make = KINDS[kind][0]
    vocab = {t: i for i, t in enumerate(vocabulary['tokens'])}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[tuple(m.split(' ')) for m in vocabulary['merges']], ignore_merges=kind in WHOLE_FIRST))
    tokenizer.pre_tokenizer = make()
    tokenizer.decoder = decoders.ByteLevel()
    if kind in COMPOSES:
        tokenizer.normalizer = normalizers.NFC()
    return with_added(tokenizer, vocabulary)


def with_added(tokenizer, vocabulary, **flags):
    for token, type in zip(vocabulary['tokens'], vocabulary['types']):
        if type in (2, 3, 4):
            token = AddedToken(token, normalized=False, special=type != 4, **flags.get(token, {}))
            (tokenizer.add_tokens if type == 4 else tokenizer.add_special_tokens)([token])
    return tokenizer


# ---- SentencePiece.

def train_sentence_pieces(lines, size, **options):
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / 'text'
        counts = Counter(''.join(lines))
        known = [line.replace('\n', ' ') for line in lines if line.strip() and all(counts[c] >= 5 for c in line)]
        text.write_text('\n'.join(known), encoding='utf-8')
        sentencepiece.SentencePieceTrainer.train(
            input=str(text), model_prefix=folder + '/m', vocab_size=size, model_type='bpe', byte_fallback=True, character_coverage=0.98,
            normalization_rule_name='identity', remove_extra_whitespaces=False, split_digits=True, allow_whitespace_only_pieces=True,
            minloglevel=2, num_threads=1, **options)
        return Path(folder, 'm.model').read_bytes()


def pieces_of(model, user_defined=()):
    pieces = sentencepiece.SentencePieceProcessor(model_proto=model)
    ids = range(pieces.get_piece_size())

    def type_of(i):
        return 2 if pieces.is_unknown(i) else 3 if pieces.is_control(i) else 6 if pieces.is_byte(i) else 4 if pieces.id_to_piece(i) in user_defined else 1

    return {'tokens': [pieces.id_to_piece(i) for i in ids], 'scores': [pieces.get_score(i) for i in ids], 'types': [type_of(i) for i in ids]}


def piece_oracle(vocabulary, spaced, by_position=False, **flags):
    """What transformers' converters make of a SentencePiece vocabulary of BPE: Llama's with a space in front, Gemma's without."""
    tokens = vocabulary['tokens']
    vocab = {t: i for i, t in enumerate(tokens)}
    scores = {t: -i for i, t in enumerate(tokens)} if by_position else dict(zip(tokens, vocabulary['scores']))
    unk = tokens[vocabulary['unknown'] if 'unknown' in vocabulary else vocabulary['types'].index(2)]
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=generate_merges(vocab, scores), unk_token=unk, fuse_unk=True, byte_fallback=True))
    marks = normalizers.Replace(' ', '▁')
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend('▁'), marks]) if spaced else marks
    if not spaced:
        tokenizer.pre_tokenizer = pre_tokenizers.Split(' ', 'merged_with_previous')
    steps = [decoders.Replace('▁', ' '), decoders.ByteFallback(), decoders.Fuse()]
    tokenizer.decoder = decoders.Sequence([*steps, decoders.Strip(' ', 1, 0)] if spaced else steps)
    return with_added(tokenizer, vocabulary, **flags)


def gemma_file(vocabulary):
    """As converters write it: user-defined pieces with spaces for their marks, and a placeholder for their scores."""
    user = [y == 4 for y in vocabulary['types']]
    return {**vocabulary, 'tokens': [t.replace('▁', ' ') if u else t for t, u in zip(vocabulary['tokens'], user)],
            'scores': [-1000.0 if u else s for s, u in zip(vocabulary['scores'], user)]}


# ---- WordPiece.

def word_pieces(lines, size, lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token='[UNK]'))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
    # A longer piece that goes on with the mark is spelt like one that begins a word.
    tokenizer.train_from_iterator([line.replace('▁', '') for line in lines], trainers.WordPieceTrainer(vocab_size=size, limit_alphabet=250, show_progress=False, special_tokens=special))
    vocab = json.loads(tokenizer.to_str())['model']['vocab']
    tokens = sorted(vocab, key=vocab.get)
    tokens[10:10] = ['[unused1]', '▁', '##▁']
    vocabulary = {'tokens': tokens, 'types': [3 if t in special else 1 for t in tokens]}
    tokenizer.model = models.WordPiece({t: i for i, t in enumerate(tokens)}, unk_token='[UNK]', max_input_chars_per_word=100)
    tokenizer.decoder = decoders.WordPiece('##', True)
    fresh = Tokenizer(tokenizer.model)
    fresh.normalizer, fresh.pre_tokenizer, fresh.decoder = tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.decoder
    spelt = [t if y == 3 else t[2:] if t.startswith('##') else '▁' + t for t, y in zip(tokens, vocabulary['types'])]
    return {**vocabulary, 'tokens': spelt}, with_added(fresh, vocabulary)


# ---- Files.

def ids_of(tokenizer, lines):
    return [encoding.ids for encoding in tokenizer.encode_batch(lines, add_special_tokens=False)]


def shorten(ids):
    """One character for each id."""
    return ''.join(chr(0x100 + i) for i in ids)


def decoded(tokenizer, ids, lines):
    texts = [tokenizer.decode(i, skip_special_tokens=False) if i else '' for i in ids]
    return {str(n): d for n, (d, t) in enumerate(zip(texts, lines)) if d != t}


def piece_cases(lines, sizes):
    """Name, metadata, oracle."""
    llama = pieces_of(train_sentence_pieces(lines, sizes[0], unk_id=0, bos_id=1, eos_id=2, split_by_unicode_script=True))
    yield 'llama', {**llama}, piece_oracle(llama, True)
    phi = {**llama, 'tokens': [*llama['tokens'], '<|user|>', '<|endoftext|>'], 'scores': [*llama['scores'], -1000.0, -1000.0], 'types': [*llama['types'], 3, 3]}
    phi['types'][2] = 3
    right = {'rstrip': True}
    yield 'phi3', {**phi, 'architecture': 'phi3'}, piece_oracle(phi, True, **{'</s>': right, '<|user|>': right})
    runs = ['▁' * n for n in range(2, 20)] + ['\n' * n for n in range(1, 8)] + ['<table>', '\t', '\t\t']
    gemma = pieces_of(train_sentence_pieces(lines, sizes[1], pad_id=0, eos_id=1, bos_id=2, unk_id=3, unk_piece='<unk>', user_defined_symbols=runs, add_dummy_prefix=False), runs)
    yield 'gemma', {**gemma_file(gemma), 'add_space_prefix': False, 'bos': 2, 'eos': 1, 'unknown': 3}, piece_oracle(gemma, False, by_position=True)


def main():
    lines = make_lines(260, 7)
    cases = []

    def add(name, model, oracle, **fields):
        ids = ids_of(oracle, lines)
        cases.append({'name': name, 'model': model, **fields, 'ids': [shorten(i) for i in ids], 'decoded': decoded(oracle, ids, lines)})

    vocabularies = {'bytes': byte_vocabulary(make_lines(900, 8), 600, BYTES())}
    for kind, (_, names) in KINDS.items():
        add(kind, 'gpt2', byte_oracle(kind, vocabularies['bytes']), vocabulary='bytes', names=names.split())
    for name, metadata, oracle in piece_cases(make_lines(900, 9), (1100, 1100)):
        vocabularies[name] = metadata
        add(name, 'llama', oracle, vocabulary=name)
    for name, lowercase in (('uncased', True), ('cased', False)):
        vocabularies[name], oracle = word_pieces(make_lines(900, 10), 700, lowercase)
        add(name, 'bert', oracle, vocabulary=name)
    golden = {'version': __version__, 'lines': lines, 'vocabularies': vocabularies, 'cases': cases}
    out = HERE / 'gguf-tokenizers.json'
    out.write_text(json.dumps(golden, ensure_ascii=False, separators=(',', ':')) + '\n', encoding='utf-8')
    print(len(cases), 'cases', len(lines), 'lines', out.stat().st_size, 'bytes')


def main_lines(folder):
    """10,000 lines, and one file for each name and vocabulary: metadata and ids."""
    folder.mkdir(parents=True, exist_ok=True)
    lines, learned = make_lines(10_000, 1), make_lines(6_000, 2)
    (folder / 'lines.json').write_text(json.dumps(lines))

    def write(name, metadata, oracle, **fields):
        (folder / f'{name}.case.json').write_text(json.dumps({'name': name, **fields, 'vocabulary': metadata, 'ids': ids_of(oracle, lines)}))
        print(name, len(metadata['tokens']), 'tokens', flush=True)

    whole = byte_vocabulary(learned, 2000, BYTES())
    for kind, (make, names) in KINDS.items():
        for style, vocabulary in (('across', whole), ('behind', byte_vocabulary(learned, 3000, make()))):
            write(f'{kind}-{style}', vocabulary, byte_oracle(kind, vocabulary), model='gpt2', names=names.split())
    for name, metadata, oracle in piece_cases(learned, (4000, 4000)):
        write(name, metadata, oracle, model='llama')
    for name, lowercase in (('uncased', True), ('cased', False)):
        metadata, oracle = word_pieces(learned, 3000, lowercase)
        write(name, metadata, oracle, model='bert')


if __name__ == '__main__':
    if sys.argv[1:2] == ['--lines']:
        main_lines(Path(sys.argv[2]))
    else:
        main()
