#!/usr/bin/env python3
"""A site is published, recorded and edited at random: files move, get other
names, slugs and addresses, go, come back, expire. After each build every
address that was ever recorded is a page, leads by one hop to where its piece is
now, or is gone with its piece. In the end a real nginx answers 200, 301 to that
page, or 410.

  LOA=build/loa tests/record/run.py [SEED] [ROUNDS]
"""
import json, os, random, shutil, subprocess, sys, tempfile, time
import urllib.error, urllib.request

LOA = os.path.realpath(os.environ.get('LOA', 'build/san/loa'))
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(10**6)
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 40
BASE = '/cd'
rnd = random.Random(SEED)
top = tempfile.mkdtemp()
os.chmod(top, 0o755)
os.chdir(top)
failed = 0


def fail(what):
    global failed
    failed += 1
    print(f'FAIL  seed {SEED}: {what}')


def write(path, text):
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)


def loa(*args):
    return subprocess.run([LOA, *args, '--clock', '2026-11-21T08:00:00+07:00'],
                          capture_output=True, text=True,
                          env={**os.environ, 'LOA_LANG': 'en'})


write('loa.yaml', f'''baseURL: https://tin.example{BASE}/
title: Tin
timeZone: Asia/Ho_Chi_Minh
disableKinds: [rss, sitemap, taxonomy, term]
archives: false
languages: {{vi: {{label: Tiếng Việt}}, en: {{label: English}}}}
''')
write('layouts/single.html', 'PIECE {{ page.title }}')
write('layouts/list.html', 'LIST')
write('layouts/404.html', 'MISSING')
write('urls.tsv', '')

FOLDERS = ['tin', 'moi/xa', 'Khac']
pieces = {}  # id and language -> where it is and what it says
names = 0


def piece_path(p):
    lang = '.en' if p['lang'] else ''
    return f"content/{p['dir']}/{p['name']}{lang}.md"


def piece_id(p):
    return f"page/{p['extra'].get('id', p['name'])}{'@en' if p['lang'] else ''}"


def save(p):
    front = {'title': p['name'], 'date': p['date'], **p['extra']}
    lines = ''.join(f'{k}: {v}\n' for k, v in front.items())
    write(piece_path(p), f'---\n{lines}---\nChữ.\n')


def new():
    global names
    names += 1
    p = {'dir': rnd.choice(FOLDERS), 'name': f'bai-{names}',
         'lang': rnd.random() < .3, 'extra': {},
         'date': f'2026-{rnd.randrange(1, 11):02}-{rnd.randrange(1, 29):02}'}
    pieces[names] = p
    save(p)


def edit():
    key = rnd.choice(list(pieces))
    p = pieces[key]
    os.remove(piece_path(p))
    kind = rnd.choice(['move', 'move', 'rename', 'keep-id', 'slug', 'url',
                       'delete', 'expire', 'draft', 'plain'])
    if kind == 'move':
        p['dir'] = rnd.choice(FOLDERS)
    elif kind in ('rename', 'keep-id'):
        if kind == 'keep-id':
            p['extra'].setdefault('id', p['name'])
        p['name'] = f"ten-{key}-{rnd.randrange(5)}"
    elif kind == 'slug':
        p['extra']['slug'] = f"ngan-{key}-{rnd.randrange(3)}"
    elif kind == 'url':
        p['extra']['url'] = rnd.choice([f'/rieng/{key}/', f'/rieng/{key}.html'])
    elif kind == 'expire':
        p['extra']['expiryDate'] = '2026-11-01'
    elif kind == 'draft':
        p['extra']['draft'] = 'true'
    elif kind == 'plain':
        p['extra'] = {k: v for k, v in p['extra'].items() if k == 'id'}
    if kind == 'delete':
        del pieces[key]
    else:
        save(p)


def recorded():
    """Each address, with the pieces that had it."""
    found = {}
    with open('urls.tsv') as f:
        for line in f:
            if line[0] != '#':
                who, url = line.split('\t')[:2]
                found.setdefault(url, set()).add(who)
    return found


def is_page(url):
    path = 'public' + url + ('index.html' if url.endswith('/') else '')
    if not os.path.exists(path):
        return False
    with open(path) as f:
        return f.read().startswith('PIECE')


def table(name):
    with open(f'.loa/server/{name}') as f:
        return dict((line.rstrip('\n').split('\t') + [''])[:2] for line in f)


def check(where):
    moved, gone = table('redirects.tsv'), table('gone.tsv')
    known = recorded()
    at = {row['path']: row['url'] for row in json.loads(loa('list', 'published', '--json').stdout)}
    live = {piece_id(p): at[piece_path(p)] for p in pieces.values() if piece_path(p) in at}
    for url, whose in known.items():
        key = (BASE + url).rstrip('/')
        told = (key in moved) + (key in gone)
        if is_page(url):
            if told:
                fail(f'{where}: {url} is a page and an old address')
        elif told != 1:
            fail(f'{where}: {url} is not known')
        elif key in moved:
            to = moved[key]
            if not is_page(to[len(BASE):]) or to.rstrip('/') in moved:
                fail(f'{where}: {url} leads to {to}, which is no page')
            elif to[len(BASE):] not in [live.get(who) for who in whose]:
                fail(f'{where}: {url} leads to {to}, and not to its piece')
        elif whose & live.keys():
            fail(f'{where}: {url} is gone, and its piece is there')


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def ask(url):
    opener = urllib.request.build_opener(Stay)
    try:
        answer = opener.open(url, timeout=10)
        return answer.status, ''
    except urllib.error.HTTPError as e:
        return e.code, e.headers.get('Location', '')


def check_nginx():
    port = 20000 + os.getpid() % 20000
    site = loa('config', 'nginx', '--root', f'{top}/public', '--listen',
               f'127.0.0.1:{port}', '--maps', f'{top}/.loa/server').stdout
    write('site.conf', site)
    write('nginx.conf', f'''pid {top}/nginx.pid;
daemon off;
events {{}}
http {{
    access_log off;
    client_body_temp_path {top}/t1; proxy_temp_path {top}/t2;
    fastcgi_temp_path {top}/t3; uwsgi_temp_path {top}/t4;
    scgi_temp_path {top}/t5;
    include {top}/site.conf;
}}
''')
    env = {**os.environ, 'PATH': os.environ['PATH'] + ':/usr/sbin:/sbin'}
    command = ['nginx', '-e', f'{top}/nginx.log', '-c', f'{top}/nginx.conf']
    if not shutil.which('nginx', path=env['PATH']):
        return
    server = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    try:
        host = f'http://127.0.0.1:{port}'
        for _ in range(100):
            try:
                ask(host + '/')
                break
            except OSError:
                time.sleep(.05)
        moved, told = table('redirects.tsv'), {200: 0, 301: 0, 410: 0}
        for url in sorted(recorded()):
            code, to = ask(host + BASE + url)
            lead = moved.get((BASE + url).rstrip('/'), '')
            want = 200 if is_page(url) else 301 if lead else 410
            if code != want or to.removeprefix(host) != lead:
                fail(f'nginx: {url} gives {code} {to}, not {want} {lead}')
            elif code == 301 and ask(host + lead)[0] != 200:
                fail(f'nginx: {url} leads to {lead}, which is not there')
            told[want] += 1
        if not all(told.values()):
            fail(f'nginx: not each answer was tried: {told}')
    finally:
        server.terminate()
        server.wait()


def main():
    for _ in range(25):
        new()
    for n in range(ROUNDS):
        args = ['build', '-q', '--allow-mass-removal']
        if n == 0 or rnd.random() < .6:
            args.append('--record')
        done = loa(*args)
        if done.returncode:
            fail(f'round {n}: {done.stderr}')
            return
        check(f'round {n}')
        for _ in range(rnd.randrange(1, 6)):
            edit()
        if rnd.random() < .5:
            new()
    loa('build', '-q', '--record', '--allow-mass-removal')
    check('the end')
    check_nginx()
    print(f'{len(recorded())} addresses')


main()
os.chdir('/')
shutil.rmtree(top)
print(f"{0 if failed else 1} passed, {failed} failed")
sys.exit(failed > 0)
