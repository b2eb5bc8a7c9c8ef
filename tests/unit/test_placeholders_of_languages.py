"""What samples in many languages have in the place of secrets, accounts and hosts, and 200 values that people have."""

import base64
import random
import string

import pytest

from wizard.plan.placeholder_places import is_placeholder_of_a_host
from wizard.plan.placeholders import is_command, is_placeholder, is_placeholder_of_an_account

SECRETS = """
SEU_HOSTNAME|your_x_here|XXXX-XXXX|<…>|…|••••••|%(password)s|填写密码|改我|我的密码|自定义密码|强密码|一个强密码|введите_пароль
ВВЕДИТЕ_ПАРОЛЬ|укажите_пароль|вставьте_ключ|изменить|секретный_ключ|пароль_бд|SENHA_DO_BANCO|defina_uma_senha
DEFINIR_SENHA|substituir|REMPLACER_ICI|AUSFÜLLEN|bitte ausfüllen|to-be-generated|generated-by-helm
32_character_random_string|your-32-character-key|INSERISCI_PASSWORD|ŞIFRENIZ|değiştir_beni|كلمة_السر|see vault
TU_CONTRASEÑA|VOTRE_MOT_DE_PASSE|__SECRET__|%SECRET%|{{ .Values.x }}|你的密码|ВАШ_ПАРОЛЬ|TODO|CHANGE_ME|xxx
"""
ACCOUNTS = """
ВАШЕ_ИМЯ|имя_пользователя|nome_do_usuario|nombre_de_usuario|nom_utilisateur|nombre_base_datos|nome_do_banco
SEU_BANCO|SEU_USUARIO|TU_USUARIO|VOTRE_UTILISATEUR|你的用户名
"""
HOSTS = """
seu-host.com.br|seudominio.com.br|tu-dominio.com|db.tudominio.com|votre-domaine.fr|ihre-domain.de
deine-domain.de|您的域名.com|数据库地址|服务器地址|ваш-домен.ru|IP_DO_SERVIDOR|IP_DEL_SERVIDOR|IP-ADRESSE|NOM_DU_SERVEUR
nombre-del-servidor|il-tuo-dominio.it|jouw-domein.nl|twoja-domena.pl|SEU_HOSTNAME|VOTRE_HOTE|你的主机
"""
PASSPHRASES = """
Summer2024! Winter#2023 Acme-Prod-2024 nocobase2024 N0c0b@se! P@ssw0rd Passw0rd! admin123 qwerty Welcome1
letmein hunter2 Tr0ub4dor&3 changer2024 Cambio-Rio-Sol mudanca-praia substituto9 TodoList2024
hier-kommt-die-Sonne Ici-la-mer-bleue seu-jorge-cantor sucre-de-canne-7 votre-amie-la-lune ihr-kinderlein-kommet
tu-ne-tueras-point su-casa-mi-casa-84 teu-sorriso-2019 Meine-Katze-heisst-Mau mon-chat-gris-dort
my-cat-sleeps-late MyDogRex2019 the-quick-brown-fox keymaster-gozer secretariat-1973 hostage-crisis-79
yourself-alone-99 xxl-shirts-4-all templar-knights-12 nullpointer-dev-8 ourcompanysecretsauce tokenring-16mbit
fillmore-east-71 putrid-swamp-3 Insertion-sort-nlogn dummkopf-wagner-5 введение-в-алгебру банк-реки-лес 强大的海洋7
我的猫很可爱 nome-da-rosa-1980 clave-de-sol-7 adresse-rue-verte see-you-later-9
"""
REAL_ACCOUNTS = """
postgres noco nocobase crm_app app_user svc-nocobase admin root sa readonly tu su seu tudor suarez votrehost
ihrig deinhard usuario1 user1 kunde_db ventas comercial financeiro banco_app servidor todoapp todo key_db meudb
banco usuarios clientes пользователи crm_prod DB_CRM APPUSER CRM_OWNER 用户中心 пётр
"""
REAL_HOSTS = """
db redis postgres db1.shop.lan 10.0.0.5 fd00::5 seuil.fr tu-berlin.de www.tu-dresden.de su.se suse.de db.su.se
votre.club votreassurance.fr ihrplatz.de dein.shop deinhandy.de meinserver.lan tuya.com seur.com sua.ac.tz
server01 SRV-DB-01 DB-SERVER my-db-server my-release-postgresql mon-serveur db.mydomain.lan pg.my-company.net
ваш.рф xen01.lan node.xyz servidor01 static.12.34.your-server.de rds-x.abc.eu-west-1.rds.amazonaws.com
serveur-bd bancodados su-server.lan tu-server.lan uw.edu
"""
WORDS = """
correct horse battery staple river stone coffee window planet orange garden silver casa verde perro cielo luna
feliz chuva janela porta Haus Baum Wolke Fenster Regen Sonne soleil maison arbre chaise bateau jardin
"""


def each(table):
    return [value for line in table.strip().splitlines() for value in line.split("|")]


def real_values():
    chance = random.Random(7)
    signs = string.ascii_letters + string.digits
    for length in (8, 12, 16, 20, 24, 32, 48, 64) * 8:
        yield "".join(chance.choice(signs) for _ in range(length))
    for length in (10, 14, 18, 24, 32) * 8:
        yield "".join(chance.choice(signs + "!@#$%^&*()-_=+[]{}:,.?~") for _ in range(length))
    for length in (16, 24, 32, 48, 64) * 3:
        yield base64.b64encode(chance.randbytes(length)).decode()
        yield chance.randbytes(length).hex()
    for between in "-_ ." * 5:
        yield between.join(chance.sample(WORDS.split(), 4))


@pytest.mark.parametrize("value", each(SECRETS))
def test_what_a_sample_says_in_any_language_is_a_placeholder(value):
    assert is_placeholder(value)


@pytest.mark.parametrize("value", each(ACCOUNTS))
def test_what_a_sample_has_for_an_account_is_a_placeholder(value):
    assert is_placeholder_of_an_account(value)


@pytest.mark.parametrize("value", each(HOSTS))
def test_what_a_sample_has_for_a_host_is_a_placeholder(value):
    assert is_placeholder_of_a_host(value)


def test_no_value_that_people_have_is_a_placeholder():
    values = [*real_values(), *PASSPHRASES.split()]
    assert len(values) > 200
    assert [value for value in values if is_placeholder(value) or is_command(value)] == []
    assert [value for value in REAL_ACCOUNTS.split() if is_placeholder_of_an_account(value)] == []
    assert [value for value in REAL_HOSTS.split() if is_placeholder_of_a_host(value)] == []
