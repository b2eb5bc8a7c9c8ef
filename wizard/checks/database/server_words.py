"""How PostgreSQL words a refused connection, in the languages its own translations have (`lc_messages`).

Telling fragments as patterns, because psycopg gives no SQLSTATE for a connection that failed. Source: PostgreSQL 15's
message catalogues de, es, fr, it, ja, ko, ru, zh_CN.
"""

from __future__ import annotations

WRONG_LOGIN = (
    "password authentication failed",
    "SASL authentication failed",
    "Passwort-Authentifizierung",
    "autentificación password",
    "authentification par mot de passe",
    "autenticazione con password",
    "パスワード認証に失敗",
    "password 인증을 실패",
    "проверку подлинности",
    "Password 认证失败",
)
NO_LOGIN = (
    'role "[^"]*" does not exist',
    "not permitted to log in",
    "Berechtigung zum Einloggen",
    "se le permite conectarse",
    "autorisé à se connecter",
    "consentito effettuare il login",
    "ログインが許可されません",
    "롤은 접속을 허용하지",
    "вход запрещён",
    "不允许角色",
)
NO_DATABASE = (
    'database "[^"]*" does not exist',
    "no such database",
    "Datenbank »[^«]*« existiert nicht",
    "no existe la base de datos",
    "la base de données « .* » n'existe pas",
    'il database "[^"]*" non esiste',
    'データベース"[^"]*"は存在しません',
    '"[^"]*" 데이터베이스 없음',
    'база данных "[^"]*" не существует',
    '数据库 "[^"]*" 不存在',
)
NO_ENTRY = (
    "permission denied for database",
    "keine Berechtigung für Datenbank",
    "permiso denegado a la base de datos",
    "droit refusé pour la base de données",
    "permesso negato per il database",
    "データベース .* へのアクセスが拒否",
    "데이터베이스 접근 권한 없음",
    "нет доступа к базе данных",
    "对数据库 .* 权限不够",
)
FULL = (
    "too many (clients|connections)",
    "remaining connection slots",
    "no more connections",
    "zu viele Verbindungen",
    "verbleibenden Verbindungen",
    "demasiad[oa]s (clientes|conexiones)",
    "conexiones restantes",
    "trop de (clients|connexions)",
    "emplacements de connexions restants",
    "tropp[ei] (client|connessioni)",
    "slot di connessione sono riservati",
    "クライアント数が多すぎ",
    "接続が多すぎ",
    "残りの接続スロット",
    "최대 (동시 )?접속",
    "남은 연결 슬롯",
    "слишком много (клиентов|подключений)",
    "слоты подключений",
    "太多的客户|连接太多|已保留的连接位置",
)
STARTING = (
    "starting up",
    "shutting down",
    "not yet accepting",
    "in recovery mode",
    "Datenbanksystem (startet|fährt)",
    "está (iniciándose|apagándose)",
    "bases de données (se lance|s'arrête)",
    "si sta avviando",
    "起動処理中",
    "새로 가동 중",
    "система баз данных запускается",
    "数据库系统启动中",
)
CLIENT_CERTIFICATE = (
    "valid client certificate",
    "certificate required",
    "gültiges Client-Zertifikat",
    "certificado de cliente válido",
    "certificat client valide",
    "certificato valido per il client",
    "有効なクライアント証明",
    "유효한 클라이언트 인증서",
    "годный сертификат клиента",
    "有效的客户端认证",
)
NO_ENCRYPTION = (
    "no encryption",
    "keine Verschlüsselung",
    "sin cifrado",
    "aucun chiffrement",
    "nessuna crittografia",
    "暗号化なし",
    "암호화 안함",
    "без шифрования",
)
