select id, user_id, password, name, role, disabled_at is not null as disabled
from account where email = $1
