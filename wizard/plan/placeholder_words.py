"""What samples say in the place of a secret or an account in other languages than English, as patterns of words.

The text is in small letters with one blank between words; a second form of it has no accents.
"""

from __future__ import annotations

_MY = "mon|ma|mein|meine|meinem|mi|meu|minha|mio|mia|mijn|moje|moj"
_YOUR = (
    "(?:votre|vos|ton|ta|ihr|ihre|ihren|dein|deine|deinen|tu|su|seu|sua|teu|tua|tuo|suo|il ?tuo|la ?tua|jouw|je|uw"
    "|twoje|twoj)"
)
_NOUN = (
    r"mot de passe|motdepasse|mdp|cle|jeton|nom d utilisateur|utilisateur|identifiant|compte|hote|serveur"
    r"|secret|passwort|kennwort|schlussel|schluessel|geheimnis|benutzer\w*|datenbank\w*|secreto|contrasena|clave"
    r"|base de datos|servidor|senha|chave|segredo|usuario|password|chiave|segreto|utente|wachtwoord|sleutel"
    r"|gebruiker\w*|haslo|klucz|uzytkownik|hostname|host|dominio|banco|bd"
)
_OF_WHAT = (
    r"(?:d[oaeu]|del|de la|de l|d)? ?(?:banco(?: de dados)?|base(?: de (?:datos|donnees)| datos)?|bdd?|usuario|servidor"
    r"|serveur|utilisateur|redis|aplicacao|aplicacion|application)"
)
_LONG_NOUN = (
    "motdepasse|passwort|kennwort|contrasena|clave|senha|wachtwoord|haslo|utilisateur|usuario|benutzer|password"
)
_HERE = "ici|hier|aqui|aca|qui|tutaj"

FOREIGN_PHRASES = (
    rf"^{_YOUR} (?:\w+ )?(?:{_NOUN})\b|^(?:ihr|ihre|ihren|dein|deine|deinen|uw|jouw) server\b"
    rf"|^(?:{_MY}) (?:{_NOUN})(?: \d{{1,4}})?(?: (?:{_HERE}))?$"
    rf"|\b(?:{_NOUN}) (?:{_HERE})$"
    rf"|^(?:senha|contrasena|clave|mot de passe|usuario|nome|nombre|nom|ip|endereco|direccion|adresse) {_OF_WHAT}$"
    rf"|^(?:defina|definir|definissez|defini|inserisci|insira|ingrese|introduzca|digite)"
    rf" (?:(?:uma?|una?|une|la|le|el|a|o|sua|tu|su|votre) )?(?:{_NOUN})$"
    rf"|^(?:remplacer|changer|modifier|remplir|substituir|cambiar|alterar|sostituire) (?:{_HERE})$"
    r"|^(?:bitte )?(?:ausfullen|ausfuellen)$|^sifreniz(?: buraya)?$|^degistir(?: beni|in|iniz)?$"
    # French
    r"|\ba (?:changer|remplacer|remplir|modifier|definir|completer|renseigner)\b"
    r"|\b(?:changez|changer|change|remplacez|remplacer|remplace|modifiez|modifie|remplissez)"
    r" (?:moi|ceci|cela|ca|le|la|les|par)\b"
    r"|^(?:entrez|entrer|saisissez|saisir|mettez|mettre|inserez|indiquez|choisissez)"
    r" (?:ici|votre|vos|un|une|le|la|ton|ta)\b"
    r"|^cle secrete\b|^mot de passe$|^(?:mot de passe|cle) (?:fort|forte|secret|secrete|solide)$"
    # German
    r"|\b(?:andere?|aendere?|ersetze?|wechsle) (?:mich|dies|das|bitte)\b"
    r"|\b(?:mich|bitte|hier|zu) (?:\w+ )?"
    r"(?:andern|aendern|ersetzen|anpassen|eintragen|einsetzen|einfugen|einfuegen|eingeben)\b"
    r"|\b(?:andern|aendern|ersetzen)$|^(?:geheimes|sicheres|starkes|langes) (?:passwort|kennwort)\b"
    # Spanish, Portuguese
    r"|\b(?:cambia|cambie|cambiar|reemplaza|reemplace|reemplazar|modifica|modifique|sustituya|sustituye)"
    r" (?:me|esto|este|por|lo|la)\b"
    r"|\b(?:cambiar|cambiame|cambieme|cambialo|reemplazar|reemplazame|alterar|trocar)\b"
    r"|^(?:escriba|escribe|ponga|pon|poner|ingrese|ingresa|introduzca|introduce|insira|digite|coloque)"
    r" (?:tu|su|aqui|la|el|un|una|sua|seu|a|o|uma|um)\b"
    r"|\b(?:troque|mude|altere|substitua) (?:isto|isso|me|por|aqui|a|o|esta|este)\b|\b(?:mudeme|troqueme|altereme)\b"
    r"|^(?:clave|contrasena|senha|chave) (?:secreta|segura|forte|fuerte)\b"
    # Italian, Dutch, Polish
    r"|\b(?:cambiami|sostituiscimi|modificami)\b|\b(?:cambia|sostituisci) (?:questo|questa|con)\b"
    r"|\bda (?:cambiare|sostituire|modificare)\b|^inserisci (?:qui|la|il|una|un)\b"
    r"|\b(?:verander|wijzig|vervang) (?:mij|dit|me)\b|^zmien (?:mnie|to|haslo)\b"
    # Chinese, Japanese, Korean, Russian
    "|你的|您的|妳的|自己的(?:密码|密钥|密碼)|请(?:修改|更改|替换|填写|输入|设置|改|换)|請(?:修改|更改|替換|填寫|輸入|設置|改|換)"
    "|(?:修改|更改|替换|替換)(?:[为成為我此]|这里)|改成|在此|此处|此處|填在这|填入"
    "|^(?:数据库|用户|管理员|登录|示例|测试|默认)?(?:密码|密钥|密碼|密鑰|用户名|用戶名|数据库名|口令|账号)(?:在?这里)?$"
    "|^(?:请|我的|自定义|新|强|一个强|填写|输入|修改|设置|改成)(?:数据库|用户|管理员|登录)?(?:密码|密钥|密碼|密鑰|用户名|口令|账号)$"
    "|随机(?:字符串|密钥|密码)|隨機"
    "|あなたの|パスワード|変更して|置き換え|ここに|비밀번호|변경하|여기에"
    r"|^(?:ваш|ваша|ваше|твой|твоя|твое|твоё) |^(?:введите|укажите|вставьте|впишите|задайте) "
    r"(?:ваш |свой |сюда |здесь )?(?:пароль|секрет|ключ|токен|имя|логин|адрес|хост)\b"
    r"|^(?:пароль|имя|логин|ключ|адрес) (?:базы|бд|базы данных|пользователя|сервера|приложения)$|^секретный ключ$"
    r"|^(?:изменить|заменить|поменять|сменить)(?: меня| это)?$|^мой (?:пароль|секрет|ключ)|^(?:пароль|секрет|ключ)$"
    r"|\b(?:замените|измените|смените|поменяйте)\b"
)
"""Whole phrases; what stands in for French with its accents is looked at without them."""

FOREIGN_COMPACT = (
    rf"(?:{_YOUR}|{_MY})(?:{_LONG_NOUN})[a-z]{{0,4}}\d{{0,4}}$"
    r"|(?:changezmoi|changermoi|remplacezmoi|aendermich|aenderemich|andermich|anderemich|bitteaendern|bitteandern"
    r"|zmienmnie|veranderme|verandermij|wijzigmij|cambiami|cambiame|mudeme|nidemima|nindemima)\d{0,4}$"
)
"""The same without blanks."""

FOREIGN_WHOLE = frozenset(
    """
    motdepasse passwort kennwort geheim geheimnis benutzername contrasena clave usuario senha wachtwoord haslo mima
    utilisateur identifiant utente parola substituir sifre 改我 修改我
    """.split()  # noqa: SIM905 - a table of words
) | {"كلمة السر", "كلمة المرور"}
"""Words that say what belongs there."""
