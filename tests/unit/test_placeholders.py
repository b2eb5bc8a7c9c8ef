"""What samples have in the place of secrets, hosts and addresses of e-mail, and what people really have there."""

import random
import string

import pytest

from tests.unit import plans
from tests.unit.test_what_people_write import BASE, KEY, judged, with_line
from wizard.checks.registry import spec_of
from wizard.engine.actions import actions
from wizard.plan.finding import Severity
from wizard.plan.guessed_first import is_guessed_first
from wizard.plan.placeholder_places import (
    is_address_of_a_sample,
    is_placeholder_of_a_host,
    is_placeholder_of_a_mail_address,
)
from wizard.plan.placeholders import is_placeholder, is_placeholder_of_an_account
from wizard.plan.secret import Secret

SECRETS = """
AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY AKIAI44QH8DHBEXAMPLE
AKIAXXXXXXXXXXXXXXXX sk-************
abcabcabc abc123abc123abc123 passwordpassword secretsecret adminadmin changemechangeme
abcabcabcabcab xyxyxyxy
mypassword your-access-key-id yourAccessKeySecret your-api-key choose-a-strong-password
use-a-generated-value SuperSecretKey2024 ThisIsASecret yourStrong(!)Password YourStrong!Passw0rd
StrongPassword123 at-least-32-chars-long-secret must-be-32-characters-long-string add-your-password
define-me ASK_ADMIN to_be_set toBeChanged not-for-production not-set masked fake-key yourJwtSecretKey
super-secret-jwt-key-change-in-production dev-secret-key-do-not-use-in-production changeme-please
votre-mot-de-passe votremotdepasse votre_clé changez-moi changezmoi à-changer remplacez-moi motdepasse
mon-mot-de-passe entrez-votre-mot-de-passe mot-de-passe-ici à-définir
dein-passwort deinpasswort Ihr-Passwort bitte-ändern bitteaendern ändere-mich aendermich
hier-passwort-eintragen
passwort-hier Kennwort geheimes-passwort zu-ändern ersetze-mich
tu-contraseña contraseña cámbiame cambia-esto su-clave-secreta escriba-su-contraseña clave-aquí
tu_clave_secreta
sua-senha altere-me troque-isto sua_chave_secreta la-tua-password cambiami da-cambiare
jouw-wachtwoord verander-mij
zmien-mnie twoje-haslo
你的密码 您的密钥 请改成你的密码 数据库密码 请替换 自己的密码 請修改 您的密碼 修改我 示例密码 密码在这里 nide-mima
あなたのパスワード 変更してください 비밀번호 여기에-입력 ваш_пароль пароль замените-меня мой_пароль
mein-passwort-123 mi-clave-aqui ihr-server
<%=db_pass%> #{DbPassword}# #{db.password} ((nocobase.db-password)) 00000000-0000-0000-0000-000000000000
nocobase-app-key-please-set-32char
""".split()  # noqa: SIM905 - a table of words
REAL_SECRETS = """
the-name-of-the-rose use-the-force-luke my-secret-garden-91 ihre-hoheit mi-casa-es-tu-casa
su-majestad-la-reina
the-company-picnic-was-fun example-of-valour banana Mississippi 我的猫很可爱 clavel-rojo senhor-das-moscas shopshop
geheimnisvoll-7 serveur-du-roi tournesol-des-champs meinhard-7 sucre-roux-11 Kennwortlos-42x
mon-compte-est-bon mein-server-steht-hier password-hier-perro-compte мой_кот_Вася
topsecretmission mypass2024 S3cr3t letmein99 password2024 P@ssw0rd secretkeyhole supersecretary
testkeypad mysecretgarden verysecretagent yourapple yourhostility yourtokenofesteem yourpassagetoindia
replacement-parts-7 changement-de-vie please-set-sail set-in-stone change-to-win setmenu-4 editmenow-x
tonton-macoute
hahaha-no ((( a#{b 0f0f0f0f-1234-4a5b-8c9d-0e1f2a3b4c5d 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
""".split()  # noqa: SIM905
HOSTS = """
HOST HOSTNAME REDIS_HOST REDIS_SERVER SERVER_NAME REDIS_IP YOUR_HOST HOST_HERE your-redis-host your_db_host yourhost
your.db.host host
hostname xxx.rds.amazonaws.com your-instance.rds.amazonaws.com mydb.xxxxxxxx.us-east-1.rds.amazonaws.com
ip-of-server your-team.dev <host> <your-redis> [host] %HOST% __DB_HOST__ {{redis_host}} example.com
example.org your-domain.com db.yourcompany.com redis.your-domain.com domain.com
changeme change-me TODO hostname.domain.tld your-anything yourserver.com your-server.com
x.x.x.x xxx.xxx.xxx.xxx 192.168.x.x 10.0.0.xxx votre-hôte votre-serveur ihr-server tu-servidor 你的主机 ip-address
""".split()  # noqa: SIM905
REAL_HOSTS = """
redis db postgres pg redis-host db-host my-redis localhost host.docker.internal
db.internal.example.com redis.example.com db.example.org db.example my-redis.invalid host1 SERVER1
redis.databases.svc 10.0.0.5 192.0.2.1 DBSRV01 yourie.net youri PGHOST01
redis-0.redis.prod.svc.cluster.local WEBSERVER
mail.acme.com db1.corp.local user ip-10-0-0-5.ec2.internal redis.service.consul yourkshire.de
placeholder-db.acme.com
server.domain.local redis.mycompany.com app.domain.com company.local ad.company.local
keydb DB-HOST DB-SERVER SQL-SERVER NOCOBASE-SERVER PROD-DB-HOST SERVER
your-server.de static.88.198.1.2.clients.your-server.de u12345.your-storagebox.de
fsn1.your-objectstorage.com your-travel.com yourhosting.net your-redis-abc.upstash.io
yourteam.io crm.yourteam.io yourapp.com yourname.net yourcluster.com
tu-server su-server token-db key-db password-db todo secretariat
""".split()  # noqa: SIM905
MAILS = """
your@email.com you@example.com user@example.com your-email@example.com name@domain.com name@company.com
your_name@gmail.com admin@your-domain.com votre@email.com email@example.com admin@yourcompany.com
john.doe@example.com
your-account <e-mail>
""".split()  # noqa: SIM905
REAL_MAILS = """
admin@example.com ops@acme.com me@acme.com yourick@acme.com admin@nocobase.com root@shop.de
it@company.de my-account you@acme.cn max@your-server.de team@mycompany.com team@company.com
kontakt@your-brand.de
""".split()  # noqa: SIM905
GUESSED = """
S3cr3t mypass2024 letmein99 password2024 P@ssw0rd Passw0rd! Secret123! 123456 qwerty admin123 1q2w3e4r
nocobase postgres Redis123 dbpass db_password1 userpass redis-secret
""".split()  # noqa: SIM905
NOT_GUESSED = """
topsecretmission supersecretary Vt8kQ2mW passkeeper-91x admin-of-the-isle 12ab34cd secret7919331 mypassion
nocobase-91xK dbpassion-x
""".split()  # noqa: SIM905
KINDS = [
    (is_placeholder, SECRETS, REAL_SECRETS),
    (is_guessed_first, GUESSED, NOT_GUESSED),
    (is_placeholder_of_a_host, HOSTS, REAL_HOSTS),
    (is_placeholder_of_a_mail_address, MAILS, REAL_MAILS),
    (
        is_placeholder_of_an_account,
        ["votre-utilisateur", "dein-benutzer", "tu-usuario", "你的用户名", "your-access-key", "AKIAIOSFODNN7EXAMPLE"],
        ["mon-compte", "ma_base", "usuario", "utilisateur", "app_user2", "mi-servidor", "meine_datenbank", "key_db",
         "session_token", "test_key", "todo", "tu_server", "keydb", "tokendb", "secretapp", "keydb01"],
    ),
    (
        is_address_of_a_sample,
        ["redis://HOST:6379/0", "redis://USER:PASS@HOST:PORT/3", "amqp://a:b@<host>:5672/", "redis://redis:<port>/1",
         "redis://:x@your-redis-host/2", "redis://redis:PORT"],
        ["redis://redis:6379/0", "redis://:p@redis:99999/0", "redis://redis:6379/x", "redis", "", "redis://a#b@redis/0"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "value", "is_one"),
    [
        (told, value, is_one)
        for told, samples, real in KINDS
        for is_one, values in ((True, samples), (False, real))
        for value in values
    ],
)
def test_a_value_of_a_sample_is_told_from_a_real_one(told, value, is_one):
    assert told(value) is is_one


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("DB_HOST=HOST", "database.host"),
        ("REDIS_URL=redis://your-redis-host:6379/4", "redis.worker_id.host"),
        ("REDIS_URL=redis://your-redis.example.com:6379/4", "redis.worker_id.host"),
        ("REDIS_URL=redis://votre-utilisateur:Vt8kQ2mW@redis:6379/4", "redis.worker_id.username"),
        ("INIT_ROOT_EMAIL=your@email.com", "application.root_email"),
        ("NOCOBASE_PKG_USERNAME=you@example.com", "licence.username"),
        ("AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_ACCESS_KEY_ID"),
        ("DB_PASSWORD=votre-mot-de-passe", "database.password"),
    ],
)
def test_a_placeholder_of_a_place_or_an_account_is_a_failure(line, key):
    [finding] = judged(with_line(line), "plan.unfilled")
    assert (finding.severity, finding.subject) == (Severity.FAIL, key)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("DB_PASSWORD=/run/secrets/db_password", "database.password"),
        ("APP_KEY=file:///etc/nocobase/app.key", "application.app_key"),
        ("DB_PASSWORD=./secrets/db.txt", "database.password"),
        ("INIT_ROOT_PASSWORD=/var/run/secrets/root", "application.root_password"),
        ("AWS_SECRET_ACCESS_KEY=/mnt/vault/aws", "AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_the_path_of_a_file_in_the_place_of_a_secret_is_a_failure(line, key):
    [finding] = judged(with_line(line), "plan.unfilled")
    assert (finding.severity, finding.subject) == (Severity.FAIL, key)
    assert "the path of a file" in finding.summary
    assert line.partition("=")[2] not in f"{finding}"


@pytest.mark.parametrize(
    "line",
    [
        "DB_DIALECT_OPTIONS_SSL_KEY=/etc/ssl/private/db.key",
        "APP_AES_SECRET_KEY_PATH=/run/secrets/aes.key",
        "OIDC_PRIVATE_KEY=/etc/oidc/private.pem",
        "DB_PASSWORD=/8f3kQ/aBx7Lm+Qw9T",
        "DB_PASSWORD=/opt",
    ],
)
def test_a_path_that_is_opened_and_a_secret_that_begins_with_a_slash_are_left_alone(line):
    assert [one for one in judged(with_line(line), "plan.unfilled") if one.severity is Severity.FAIL] == []


@pytest.mark.parametrize("value", ["'<%= db_pass %>'", "'!vault | x'", "'<your password>'"])
def test_of_a_placeholder_nothing_else_is_asked_of_the_password(value):
    found = judged(with_line(f"DB_PASSWORD={value}"))
    assert [one.id for one in found if one.subject == "database.password"] == ["plan.unfilled"]
    assert not [one for one in found if "password" in one.remedy and "psql" in one.remedy]


@pytest.mark.parametrize("password", ["mypass2024", "S3cr3t"])
def test_a_weak_password_of_ones_own_is_called_weak_and_no_placeholder(password):
    [finding] = judged(with_line(f"DB_PASSWORD={password}"), "plan.unfilled")
    assert (finding.severity, finding.subject) == (Severity.WARN, "database.password")
    assert "placeholder" not in finding.summary


@pytest.mark.parametrize(("pieces", "is_one"), [(32, True), (33, False)])
def test_only_a_short_text_of_repeated_pieces_is_a_samples(pieces, is_one):
    assert is_placeholder("key-" * pieces) is is_one


@pytest.mark.parametrize(
    "line",
    [
        *("REDIS_URL=redis://keydb:6379/4", "TOKEN_TYPE=default", "PASSWORD_POLICY=default", "SMTP_AUTH_METHOD=none"),
        *("KEYCLOAK_REALM=test", "MONKEY=monkey", "KEYSPACE=default", "PASSENGER_ENV=default", "KEYDB_DATABASE=root"),
    ],
)
def test_what_has_a_word_of_samples_and_is_no_secret_is_left_alone(line):
    assert [one for one in judged(with_line(line), "plan.unfilled") if one.severity is not Severity.PASS] == []


@pytest.mark.parametrize(
    ("password", "weak"), [("crmsvc", True), ("CRMsvc", True), ("crmdata", True), ("crmsvcs", False)]
)
def test_a_password_that_is_the_name_beside_it_is_guessed_first(password, weak):
    text = f"DB_DIALECT=postgres\nDB_USER=crmsvc\nDB_DATABASE=crmdata\nDB_PASSWORD={password}\n"
    found = judged(text, "plan.unfilled")
    assert ["guessed first" in one.summary for one in found] == [True] * weak


@pytest.mark.parametrize(("signs", "is_one"), [(57, True), (58, False)])
def test_a_secret_of_more_than_64_signs_is_none_that_is_guessed_first(signs, is_one):
    assert is_guessed_first("secret" + "_" * signs + "1") is is_one


def test_one_host_of_a_sample_in_all_addresses_is_one_thing_to_do():
    variables = ["REDIS_URL", "CACHE_REDIS_URL", "LOCK_ADAPTER_REDIS_URL"]
    text = BASE + "".join(f"{name}=redis://HOST:6379/{n}\n" for n, name in enumerate(variables))
    [action] = actions(judged(text, "plan.unfilled"), spec_of, lambda _finding: "")
    assert len(action.clears) == len(variables)


@pytest.mark.parametrize("address", ["redis://USER:PASS@HOST:PORT/3", "redis://:Vt8kQ2mW@<host>:6379/4"])
def test_an_address_that_only_a_sample_can_have_is_called_one(address):
    [finding] = [one for one in judged(f"{BASE}REDIS_URL={address}\n", "plan.value") if one.subject == "REDIS_URL"]
    assert "placeholder" in finding.summary
    assert "Vt8kQ2mW" not in str(finding)


PLACEHOLDERS = [
    "<your user>", "<PASSWORD>", "[your-key]", "{{ app_key }}", "${APP_KEY:?set it}", "${DB_PASSWORD}", "__APP_KEY__",
    "change-me", "changeme", "CHANGE_ME", "change-me-please", "ChangeMe123",
    "please-change-me-to-a-long-random-string-ok",
    "change this to a random string", "replace-with-your-own-key", "replace_me", "your-secret-key", "your_password",
    "yourpassword", "YOUR_APP_KEY_HERE", "your-very-long-random-secret", "my-secret-key", "mysecretkey", "supersecret",
    "super-secret-key", "insert your key", "enter-your-password", "put_your_key_here", "password-here",
    "secret goes here",
    "a-long-random-string", "random-string", "example-key", "test-key", "dummy_password", "todo", "FIXME",
    "placeholder",
    "REDACTED", "secret", "password", "token", "none", "0" * 64, "xxxxxxxx", "****", "...", "0123456789abcdef" * 4,
    "12345678901234567890", "PASSWORD-HERE", "generate-with-openssl-rand-hex-32", "openssl rand -base64 48",
    "REPLACE_WITH_SECRET", "{{ app_key }}", "please-change", "pls_change_it", "ENTER_PASSWORD", "not-a-real-secret",
    "NotSecure", "a-very-long-secret-key-that-you-should-change", "ThisIsASecretKeyChangeIt", "generateme", "unset",
    "tbc", "secretpassword",
    "db_password", "REDIS_PASSWORD", "rabbitmq-password", "this-is-a-very-long-secret-key-for-nocobase",
    "your-256-bit-secret", "64-hex-digits", "at-least-32-characters-long-string", "insecure-key-for-dev",
    "dev-secret", "jwt_secret", "a" * 32, "F" * 64, "1" * 16, "12345678901234567890123456789012",
    "1234567890abcdef1234567890abcdef", "00112233445566778899aabbccddeeff" * 2,
    "votre_mot_de_passe", "votre-clé-secrète", "a_changer", "changez-moi", "remplacez_par_votre_cle", "mot de passe",
    "你的密码", "您的密钥", "请修改为随机字符串", "密码", "请替换", "在此填写", "ihr-passwort", "bitte-ändern",
    "tu_contraseña", "cambiame", "sua-senha",
]  # fmt: skip
REAL = [
    KEY, "Vt8kQ2mW", "3b1f0c9a7e5d2f4486aa19ce07b3d85f21c4e6907fa8b3d2165c0e9f4a7b8d13", "correct horse battery staple",
    "Aa123456", "p0stgr3s", "nocobase", "Rb7k!zQmWt2x", "exchange-rate-of-meadows", "tokenring-in-the-attic-42",
    "Keyboard-on-the-7th-floor", "hunter2", "todo-list-app-prod-7", "bring-your-umbrella", "secretary-bird-44",
    "generate-of-autumn-rain",
    "passerby-19-lantern", "unchanged-melody", "Wr1te-th1s-d0wn", "4d7e2b", "s3cret-Garden-91", "k" * 48,
    "le-changeur-de-roues-7", "votre-altesse-du-nord", "motdepasse-partout-88x", "北京的秋天很蓝7", "tu-eres-el-mar-42",
    "key-west-sunset", "long-string-of-pearls", "aaaabbbbccccdddd",
]  # fmt: skip


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_what_a_sample_has_in_the_place_of_a_secret_is_known(value):
    assert is_placeholder(value)


@pytest.mark.parametrize("value", REAL)
def test_a_secret_of_ones_own_is_none(value):
    assert not is_placeholder(value)


@pytest.mark.parametrize(
    "alphabet", [string.hexdigits[:16], string.ascii_letters + string.digits + "-_", string.printable[:94]]
)
def test_nothing_random_is_taken_for_a_placeholder(alphabet):
    chance = random.Random(8)  # one of a hundred thousand lies between “<” and “>”, and reads like a template's
    made = ["".join(chance.choice(alphabet) for _ in range(length)) for length in (12, 24, 32, 48, 64) * 200]
    assert [value for value in made if is_placeholder(value)] == []


@pytest.mark.parametrize(("value", "is_one"), [("<your user>", True), ("<user>", True), ("[username]", True),
    ("{{ db_user }}", True), ("your-account", True), ("change_me", True),
    ("changeme", True), ("TODO", True),
    ("user", False), ("nocobase", False), ("crm_prod", False), ("my-account", False), ("shop2", False)])  # fmt: skip
def test_an_account_is_a_placeholder_only_by_more_than_a_plain_word(value, is_one):
    assert is_placeholder_of_an_account(value) is is_one


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("APP_KEY=please-change-me-to-a-long-random-string-ok", "application.app_key"),
        ("APP_AES_SECRET_KEY=" + "0" * 64, "application.aes_key"),
        ("DB_PASSWORD=<your password>", "database.password"),
        ("DB_USER='<your user>'", "database.user"),
        ("INIT_ROOT_PASSWORD=change-me", "application.root_password"),
        ("REDIS_URL=redis://:your-redis-password@redis:6379/4", "redis.worker_id.password"),
        ("NOCOBASE_PKG_USERNAME=your-account", "licence.username"),
        ("NOCOBASE_PKG_PASSWORD=xxxxxxxx", "licence.password"),
        ("AWS_SECRET_ACCESS_KEY=your-secret-access-key", "AWS_SECRET_ACCESS_KEY"),
        ("TX_COS_SECRET_ID=your-secret-id", "TX_COS_SECRET_ID"),
        ("MAIL_PASS=changeme", "MAIL_PASS"),
        ("OIDC_CLIENT_SECRET_2=secret", "OIDC_CLIENT_SECRET_2"),
        ("OPENAI_APIKEY=your-api-key", "OPENAI_APIKEY"),
    ],
)
def test_a_placeholder_is_a_failure_in_every_secret_and_account(line, key):
    [finding] = judged(with_line(line), "plan.unfilled")
    assert (finding.severity, finding.subject) == (Severity.FAIL, key)
    assert line.partition("=")[2] not in finding.summary


def test_a_key_of_a_sample_is_not_called_set():
    text = BASE.replace(KEY, "please-change-me-to-a-long-random-string-ok")
    [finding] = judged(text, "plan.app_key")
    assert finding.severity is Severity.FAIL
    assert "placeholder" in finding.summary


def test_secrets_of_a_good_plan_are_no_placeholders():
    assert not [name for name, secret in plans.SECRETS.items() if is_placeholder(Secret(secret.reveal()).reveal())]


def test_a_placeholder_of_a_key_is_one_thing_to_do():
    text = BASE.replace(KEY, "please-change-me-to-a-long-random-string-ok")
    both = [*judged(text, "plan.unfilled"), *judged(text, "plan.app_key")]
    [action] = actions(both, spec_of, lambda _finding: "")
    assert action.id == "plan.unfilled:application.app_key"
    assert ("plan.app_key", "") in action.clears


@pytest.mark.parametrize(
    "judge",
    [is_placeholder, is_placeholder_of_an_account, is_placeholder_of_a_host, is_placeholder_of_a_mail_address],
)
def test_the_words_of_a_text_that_is_longer_than_any_sample_are_not_looked_at(monkeypatch, judge):
    """A broken line with a megabyte behind it took seconds."""
    looked_at = []
    for room in ("placeholders", "placeholder_places"):
        monkeypatch.setattr(f"wizard.plan.{room}.without_accents", lambda text: looked_at.append(len(text)) or text)
    assert not judge("á" * 2001)
    assert looked_at == []
    judge("á" * 2000)
    assert set(looked_at) == {2000}
